package nucleus.caps;

import java.util.List;
import java.util.stream.Stream;

/**
 * What one process holds, as the kernel told it at about one moment: each thread by itself is told at one.
 *
 * @param pid its id
 * @param ppid the id of its parent, 0 where that is outside of what can be seen
 * @param uid the effective user id of its main thread; of another where that has ended
 * @param name the kernel's name of the same thread, at most 15 bytes, or that of a kernel's worker
 * @param sets its five sets
 * @param kernel whether it is a thread of the kernel, which runs no program
 * @param differing its other threads whose sets are not the same, a list that is empty as a rule
 */
public record ProcessStatus(int pid, int ppid, long uid, String name, CapabilitySets sets, boolean kernel,
                            List<ThreadStatus> differing) {

    /** The list is copied. */
    public ProcessStatus {
        differing = List.copyOf(differing);
    }

    /** {@return whether any thread of it holds a capability, in any set but the bounding set} */
    public boolean holdsCapabilities() {
        return Stream.concat(Stream.of(sets), differing.stream().map(ThreadStatus::sets))
                .anyMatch(held -> !held.with(SetKind.BOUNDING, CapabilitySet.NONE).isEmpty());
    }
}
