package nucleus.caps;

/** Which threads a change is for. Said by the caller, never implied. */
public enum Scope {

    /**
     * The calling platform thread, and whatever it starts afterwards: threads and programs.
     *
     * <p>This is no security boundary inside the JVM. Threads share memory, and any other thread that kept its
     * privileges can be made to use them. It is for what the thread starts or becomes.
     */
    THREAD,

    /** Every thread of the process that exists when a call returns, and every thread they create later. */
    PROCESS
}
