/** Capabilities of files, compared with setcap, getcap and execve. */
package privileged.files;
