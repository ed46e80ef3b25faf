package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * The state of one process. Each thread's state is a consistent snapshot; different threads are read at slightly different
 * times.
 *
 * @param pid the id of the process
 * @param ppid the id of its parent, 0 if the parent is not visible
 * @param main its main thread, or another thread if the main thread has ended
 * @param kernel whether the process is a kernel thread, which runs no program
 * @param differing the other threads whose sets differ from those of {@code main}; usually empty
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>
 */
public record ProcessStatus(int pid, int ppid, ThreadStatus main, boolean kernel, List<ThreadStatus> differing) {

    /** Copies the list. */
    public ProcessStatus {
        requireNonNull(main, "main");
        differing = List.copyOf(differing);
    }

    /** {@return the kernel's name of the main thread: at most 15 bytes, or the name of a kernel worker} */
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
     * {@return what child programs of the main thread inherit, as {@link Iab#of}}
     *
     * @param supported the capabilities that the kernel knows, {@link Caps#supported()}; those that are not in the bounding
     *     set are dropped
     * @see <a href="https://man7.org/linux/man-pages/man3/cap_iab.3.html">cap_iab(3)</a>
     */
    public Iab iab(CapabilitySet supported) {
        return main.iab(supported);
    }

    /** {@return whether any thread of the process holds a capability in a set other than the bounding set} */
    public boolean holdsCapabilities() {
        return Stream.concat(Stream.of(main), differing.stream()).map(ThreadStatus::sets)
                .anyMatch(held -> !held.with(SetKind.BOUNDING, CapabilitySet.NONE).isEmpty());
    }
}
