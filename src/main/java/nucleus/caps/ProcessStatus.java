package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * What one process holds. Each thread's state is a consistent snapshot; different threads are read at slightly different
 * times.
 *
 * @param pid the id of the process
 * @param ppid the id of its parent, 0 where that is outside of what can be seen
 * @param main its main thread; another one where that has ended before the others
 * @param kernel whether it is a thread of the kernel, which runs no program
 * @param differing its other threads whose sets are not the same, a list that is empty as a rule
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>
 */
public record ProcessStatus(int pid, int ppid, ThreadStatus main, boolean kernel, List<ThreadStatus> differing) {

    /** The list is copied. */
    public ProcessStatus {
        requireNonNull(main, "main");
        differing = List.copyOf(differing);
    }

    /** {@return the kernel's name of the main thread, at most 15 bytes, or that of a kernel's worker} */
    public String name() {
        return main.name();
    }

    /** {@return the effective user id of the main thread} */
    public long uid() {
        return main.uids().effective();
    }

    /** {@return the five sets of the main thread} */
    public CapabilitySets sets() {
        return main.sets();
    }

    /**
     * {@return what the main thread hands on to programs} As {@link Iab#of}.
     *
     * @param supported the capabilities that the kernel knows, {@link Caps#supported()}: those of them that are not in the
     *     bounding set are dropped
     * @see <a href="https://man7.org/linux/man-pages/man3/cap_iab.3.html">cap_iab(3)</a>
     */
    public Iab iab(CapabilitySet supported) {
        return main.iab(supported);
    }

    /** {@return whether any thread of it holds a capability, in any set but the bounding set} */
    public boolean holdsCapabilities() {
        return Stream.concat(Stream.of(main), differing.stream()).map(ThreadStatus::sets)
                .anyMatch(held -> !held.with(SetKind.BOUNDING, CapabilitySet.NONE).isEmpty());
    }
}
