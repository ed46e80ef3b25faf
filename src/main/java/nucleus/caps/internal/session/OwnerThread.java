package nucleus.caps.internal.session;

/** The owner of a handle. The kernel keeps capabilities per thread, so a handle is valid only on its own thread. */
public interface OwnerThread {

    /** Allows every thread. */
    OwnerThread NONE = () -> {};

    /**
     * Checks that the calling thread may use the handle.
     *
     * @throws WrongThreadException if the calling thread may not use it
     */
    void check();

    /**
     * {@return an owner that allows only the calling thread}
     *
     * @throws WrongThreadException on a virtual thread
     */
    static OwnerThread toCallingThread() {
        Thread owner = Thread.currentThread();
        if (owner.isVirtual()) {
            throw new WrongThreadException("a virtual thread has no capabilities: the change would land on its carrier"
                    + " and stay there for every virtual thread that runs on it later; use a platform thread");
        }
        return () -> {
            if (Thread.currentThread() != owner) {
                throw new WrongThreadException("this is for thread \"" + owner.getName() + "\" alone, not for \""
                        + Thread.currentThread().getName() + "\": capabilities belong to a thread");
            }
        };
    }

    /**
     * Checks that the calling thread has capabilities of its own.
     *
     * @throws WrongThreadException on a virtual thread
     */
    static void requirePlatformThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new WrongThreadException("a virtual thread has no capabilities: what could be read is its carrier's, of"
                    + " this moment; use a platform thread, or read every thread");
        }
    }
}
