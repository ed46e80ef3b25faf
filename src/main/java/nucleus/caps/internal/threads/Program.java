package nucleus.caps.internal.threads;

import java.util.List;
import nucleus.caps.internal.sys.Call;

/**
 * The system calls that a thread makes in a round.
 *
 * @param changes calls that change the thread. Each runs only if every earlier one succeeded or is tolerated
 * @param questions calls that always run, whatever earlier calls return. The answer holds their results
 * @param memory how many bytes of its own memory a thread needs for them
 */
public record Program(List<Row> changes, List<Call> questions, int memory) {

    /**
     * One change.
     *
     * @param call the call
     * @param tolerated whether the next change runs even if the kernel refuses this one
     */
    public record Row(Call call, boolean tolerated) {
    }

    public Program {
        changes = List.copyOf(changes);
        questions = List.copyOf(questions);
    }
}
