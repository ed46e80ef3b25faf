/** Scope.PROCESS: every thread changes, or the drop is refused before anything changes. */
package privileged.process;
