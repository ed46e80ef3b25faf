package nucleus.caps.internal.threads;

import java.util.List;
import nucleus.caps.internal.sys.Call;

/**
 * What a thread does in a round.
 *
 * @param changes calls of which each is made only if those before it succeeded, or were tolerated
 * @param questions calls that are made in any case, whatever they give; the results of these are in the answer
 * @param memory how many bytes of its own a thread needs for them
 */
public record Program(List<Row> changes, List<Call> questions, int memory) {

    /**
     * One of the changes.
     *
     * @param call the call
     * @param tolerated whether the next one is made also where this one is refused
     */
    public record Row(Call call, boolean tolerated) {
    }

    public Program {
        changes = List.copyOf(changes);
        questions = List.copyOf(questions);
    }
}
