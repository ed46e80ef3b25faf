package nucleus.caps.internal.threads;

/** The threads of this process: what a round needs of it. Tests put a model in its place. */
interface Tasks {

    /** {@return the calling thread} */
    int self();

    TaskListing list();

    TaskStat stat(int tid);

    /** {@return 0, or minus an errno} The answer carries the number. */
    long signal(int tid, int ask);

    void pause(long nanos);
}
