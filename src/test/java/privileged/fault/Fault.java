package privileged.fault;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One system call of a child that is answered without being made.
 *
 * @param call which
 * @param errno the error that it answers; 0 fakes success
 */
record Fault(Call call, int errno) {

    private static final int EPERM = 1;
    private static final int EAGAIN = 11;
    private static final int ENOMEM = 12;
    private static final int EINVAL = 22;
    private static final int EMFILE = 24;
    private static final int FAKED = 0;

    private static final Set<String> UNFAKED = Set.of("openat", "mprotect");

    /** No child makes this call. */
    static final Fault NONE = new Fault(new Call("none", "none", 0), FAKED);

    /**
     * A call as the supervisor names it.
     *
     * @param role the thread: caller, scout or bystander
     * @param text the name and the arguments that matter
     * @param number how often that thread has made that call, with this one
     */
    record Call(String role, String text, int number) {

        private String name() {
            return text.replaceFirst("\\(.*", "");
        }
    }

    /**
     * {@return a refusal, another error that can occur, and a faked success}
     *
     * <p>Two calls are not faked. openat(2) would give the descriptor 0, which is open and is somebody else's. Memory
     * that mprotect(2) has not made executable ends the process, whoever jumps there.
     */
    static Stream<Fault> of(Call call) {
        int other = switch (call.name()) {
            case "setresuid", "rt_tgsigqueueinfo", "tgkill" -> EAGAIN;
            case "setgroups", "mprotect" -> ENOMEM;
            case "openat", "pipe2" -> EMFILE;
            default -> EINVAL;
        };
        Stream<Integer> answers = UNFAKED.contains(call.name()) ? Stream.of(EPERM, other)
                : Stream.of(EPERM, other, FAKED);
        return answers.map(errno -> new Fault(call, errno));
    }

    /** {@return all faults of these calls} */
    static List<Fault> of(List<Call> calls) {
        return calls.stream().flatMap(Fault::of).toList();
    }

    /** {@return what it has in common with others: the thread, the call without most arguments, and the answer} */
    String kind() {
        return call.role() + " " + call.text().replaceFirst("[,)].*", "") + " " + errno;
    }

    @Override
    public String toString() {
        return call.role() + "'s " + call.text() + " no. " + call.number() + (errno == FAKED ? " is faked"
                : " answers errno " + errno);
    }
}
