package nucleus.caps.internal.sys;

/** Allows one change at a time in this process. The JVM unlocks a monitor even if no stack is left. */
public final class ChangeLock {

    /** All class loaders share it: a string literal is the same object in all of them. */
    public static final Object LOCK = "nucleus.caps: one change at a time in this process";

    private ChangeLock() {
    }
}
