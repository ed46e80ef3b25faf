/** What the kernel, libcap, the C library and the JDK do, and the model of the kernel that the unit tests use. */
package privileged.conformance;
