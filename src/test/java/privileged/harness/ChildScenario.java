package privileged.harness;

/** What a child JVM does: it uses the public API as any user of the library does, and stops at named points. */
public interface ChildScenario {

    void run(Checkpoints points, String... args) throws Exception;

    /** A scenario that makes syscalls of its own too, through {@link Syscalls}. */
    interface WithSyscalls extends ChildScenario {
    }
}
