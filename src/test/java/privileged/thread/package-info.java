/** One thread alone: its sets, tasks on a thread of their own, confinement, virtual threads. */
package privileged.thread;
