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
            throw new WrongThreadException("a virtual thread has no capabilities of its own; the change would apply to its"
                    + " carrier and to every virtual thread that runs there later; use a platform thread");
        }
        return () -> {
            if (Thread.currentThread() != owner) {
                throw new WrongThreadException("this object belongs to thread \"" + owner.getName() + "\"; it cannot be used by"
                        + " thread \""
                        + Thread.currentThread().getName() + "\"");
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
            throw new WrongThreadException("a virtual thread has no capabilities of its own; only the state of its present"
                    + " carrier could be read; use a platform thread or Caps.threads()");
        }
    }
}
