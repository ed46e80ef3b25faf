/** The library on other kernels and processors, in virtual machines. */
package privileged.kernels;
