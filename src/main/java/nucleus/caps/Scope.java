package nucleus.caps;

/** The threads that a change applies to. The caller always chooses it; there is no default. */
public enum Scope {

    /**
     * The calling platform thread, and the threads and programs that it starts afterwards.
     *
     * <p>This scope is no security boundary inside the JVM. Threads share memory, and a thread that kept its privileges can
     * be made to use them. The scope restricts programs that the thread starts or becomes.
     */
    THREAD,

    /** Every thread of the process that exists when a call returns, and every thread that they create later. */
    PROCESS
}
