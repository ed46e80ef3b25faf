package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import nucleus.caps.CapabilitySet;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.proc.JavaNames;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Syscalls;
import nucleus.caps.internal.threads.Answer;

/** The state that the calling thread reports by its own system calls. /proc is the second witness. */
final class OwnReport {

    /** A drop of the whole process can change this thread between two calls. A contradiction that lasts is an error. */
    private static final int LOOKS = 5;

    private Questions questions;

    /** @param supported the capabilities that the kernel knows */
    OwnReport(CapabilitySet supported) {
        questions = new Questions(supported);
    }

    /**
     * {@return the state of the calling thread}
     *
     * @throws VerificationException if /proc shows other credentials
     * @throws nucleus.caps.CapsException if the kernel refuses a question, or if the file cannot be read
     */
    synchronized ThreadStatus read() {
        for (int look = 1;; look++) {
            try {
                return confirmed();
            } catch (VerificationException e) {
                if (look == LOOKS) {
                    throw e;
                }
            }
        }
    }

    /** The id is that of the file, because /proc may belong to an outer pid namespace. */
    private ThreadStatus confirmed() {
        Answer answer = answer();
        Map.Entry<Integer, String> file = Proc.statusFile().entrySet().iterator().next();
        ThreadStatus told = questions.status(file.getKey(), answer.results(), answer.memory());
        new Witness(told.credentials()::equals).confirm(told, file.getValue());
        return JavaNames.noted(told);
    }

    private Answer answer() {
        Answer answer = asked();
        Questions fitting = questions.fitting(List.of(answer));
        if (fitting == questions) {
            return answer;
        }
        questions = fitting;
        return answer();
    }

    private Answer asked() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment own = arena.allocate(questions.memory(), Long.BYTES);
            List<Call> calls = questions.calls();
            long[] results = Syscalls.call(calls, own);
            return new Answer(0, 0, Answer.NONE, 0, results, own.toArray(JAVA_BYTE));
        }
    }
}
