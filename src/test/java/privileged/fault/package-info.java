/** One system call of a drop fails, or only seems to be made. */
package privileged.fault;
