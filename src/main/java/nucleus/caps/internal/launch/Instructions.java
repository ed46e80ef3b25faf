package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.util.List;
import java.util.stream.IntStream;
import nucleus.caps.internal.kernel.ChangeCalls;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.CString;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Syscall;

/** The changes that a child makes to itself, as system calls of this processor. */
public final class Instructions {

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;

    static final int SIGNALS = 64;
    static final int SIGKILL = 9;
    static final int SIGSTOP = 19;

    /** The sizes of the kernel's sigset_t, and of the largest struct sigaction of any processor. */
    static final int SIGSET = 8;
    static final int SIGACTION = 32;

    private static final int SIG_SETMASK = 2;
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x80000;
    private static final long LAST_DESCRIPTOR = 0xFFFF_FFFFL;

    /** Errors for a name that does not exist or is not accessible. Like execvp(3), the child then tries the next name. */
    private static final long NEXT_NAME = 1L << ENOENT() | 1L << ENOTDIR() | 1L << EACCES() | 1L << ELOOP();

    private final ChangeCalls make;

    /** @param osArch the processor, as named by the property {@code os.arch} */
    public Instructions(String osArch) {
        make = new ChangeCalls(syscall -> syscall.on(osArch));
    }

    /** {@return the system calls for the changes of a plan} */
    public List<Instruction> changes(Plan plan) {
        List<Plan.Step> steps = plan.changes().stream().map(change -> new Plan.Step(change, false)).toList();
        return make.of(steps).stream().map(row -> of(row.syscall(), row.call(), 0)).toList();
    }

    public Instruction setSecureBits(int bits) {
        return of("prctl(PR_SET_SECUREBITS, 0x%x)".formatted(bits), make.prctl(PR_SET_SECUREBITS(), bits, 0), 0);
    }

    /** Checks the securebits in the child, because no other process can read them. */
    public Instruction requireSecureBits(int bits) {
        return of("prctl(PR_GET_SECUREBITS)", make.prctl(PR_GET_SECUREBITS(), 0, 0), bits);
    }

    public Instruction closeFrom(int first) {
        return of("close_range(" + first + ")", make.of(Syscall.CLOSE_RANGE, first, LAST_DESCRIPTOR, 0), 0);
    }

    /** Opens a file, which must get exactly that descriptor. */
    public Instruction open(String path, int flags, int descriptor) {
        return new Instruction("open(" + path + ")", number(Syscall.OPENAT), List.of(new Instruction.Value(AT_FDCWD),
                new Instruction.Bytes(CString.terminated(path)), new Instruction.Value(flags | O_CLOEXEC)),
                descriptor, 0);
    }

    public Instruction unblockSignals() {
        return new Instruction("rt_sigprocmask()", number(Syscall.RT_SIGPROCMASK), List.of(
                new Instruction.Value(SIG_SETMASK), new Instruction.Bytes(new byte[SIGSET]), new Instruction.Value(0),
                new Instruction.Value(SIGSET)), 0, 0);
    }

    /** Resets every signal to its default action. An ignored signal stays ignored across execve(2). */
    public List<Instruction> defaultSignals() {
        byte[] byDefault = new byte[SIGACTION];
        return settable().mapToObj(signal -> new Instruction("rt_sigaction(" + signal + ")", number(Syscall.RT_SIGACTION),
                List.of(new Instruction.Value(signal), new Instruction.Bytes(byDefault), new Instruction.Value(0),
                        new Instruction.Value(SIGSET)),
                0, 0)).toList();
    }

    static IntStream settable() {
        return IntStream.rangeClosed(1, SIGNALS).filter(signal -> signal != SIGKILL && signal != SIGSTOP);
    }

    /** Executes a file. Only a failed call returns. The child passes on its own arguments and environment. */
    public Instruction execute(String path) {
        return new Instruction("execve(" + path + ")", number(Syscall.EXECVE),
                List.of(new Instruction.Bytes(CString.terminated(path))), 0, NEXT_NAME);
    }

    private long number(Syscall syscall) {
        return make.of(syscall).number();
    }

    private static Instruction of(String syscall, Call call, long wanted) {
        List<Instruction.Operand> operands = call.arguments().stream().map(Instructions::operand).toList();
        return new Instruction(syscall, call.number(), operands, wanted, 0);
    }

    private static Instruction.Operand operand(Call.Argument argument) {
        return argument instanceof Call.Input input
                ? new Instruction.Bytes(input.content().toArray(JAVA_BYTE))
                : new Instruction.Value(argument.register(content -> 0));
    }
}
