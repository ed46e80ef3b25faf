package nucleus.caps.internal.threads;

/** The threads of this process, as a round needs them. Tests replace them with a model. */
interface Tasks {

    /** {@return the thread id of the calling thread} */
    int self();

    TaskListing list();

    TaskStat stat(int tid);

    /** {@return 0, or minus an errno} The answer carries the number {@code ask}. */
    long signal(int tid, int ask);

    void pause(long nanos);

    /** {@return the time in nanoseconds since any moment} */
    long time();
}
