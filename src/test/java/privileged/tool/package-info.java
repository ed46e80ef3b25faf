/** The command {@code caps} as a process. */
package privileged.tool;
