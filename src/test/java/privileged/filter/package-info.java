/** Seccomp filters: what the options denyNamespaces and denyExec refuse, and what goes on as before. */
package privileged.filter;
