/** Readers and checks, compared with /proc and the tools of libcap. */
package privileged.read;
