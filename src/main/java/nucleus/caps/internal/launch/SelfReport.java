package nucleus.caps.internal.launch;

import java.util.ArrayList;
import java.util.List;
import nucleus.caps.CapabilitySet;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Questions;

/**
 * The calls by which a child reports its own credentials, and the meaning of the answers. Under the mount option hidepid of
 * /proc, this process cannot read the state of a child that has another uid.
 */
final class SelfReport {

    private final Questions questions;
    private final int up;

    /**
     * Questions for a child.
     *
     * @param supported the capabilities that the kernel knows
     * @param groups the number of groups that the child has at most
     * @param up the descriptor that the child writes its report to
     */
    SelfReport(CapabilitySet supported, int groups, int up) {
        questions = new Questions(supported, groups);
        this.up = up;
    }

    /** The questions, and the call that sends the memory with the answers. */
    List<Instruction> instructions(Instructions calls) {
        List<Instruction> all = new ArrayList<>();
        questions.calls().stream().map(calls::ask).forEach(all::add);
        all.add(calls.writeOwn(up, memory()));
        return all;
    }

    /** The size of the memory with the answers. */
    int memory() {
        return questions.memory();
    }

    /** {@return how many answers a child gives} */
    int count() {
        return questions.calls().size();
    }

    /** @throws nucleus.caps.CapsException if the kernel refused a question */
    ThreadStatus status(long pid, List<Long> results, byte[] memory) {
        return questions.status((int) pid, results.stream().mapToLong(Long::longValue).toArray(), memory);
    }
}
