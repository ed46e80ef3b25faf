package privileged;

/** What a child JVM does: it uses the public API as any user of the library does, and stops at named points. */
interface Scenario {

    void run(Points points, String... args) throws Exception;

    /** A scenario that makes syscalls of its own too, through {@link Raw}. */
    interface WithSyscalls extends Scenario {
    }
}
