package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.util.List;
import java.util.stream.IntStream;
import nucleus.caps.internal.kernel.ChangeCalls;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.CString;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Denial;
import nucleus.caps.internal.sys.FilterProgram;
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

    /** Errors for a pipe that may keep its owner. */
    private static final long KEPT = 1L << EPERM() | 1L << EACCES() | 1L << EINVAL();

    private static final int PR_SET_NAME = 15;

    /** The program that execvp(3) runs a script with that has no interpreter. */
    static final String SHELL = "/bin/sh";

    /** Errors for a name that does not exist or is not accessible. Like execvp(3), the child then tries the next name. */
    private static final long NEXT_NAME = 1L << ENOENT() | 1L << ENOTDIR() | 1L << EACCES() | 1L << ELOOP();

    private final String osArch;
    private final ChangeCalls make;

    /** @param osArch the processor, as named by the property {@code os.arch} */
    public Instructions(String osArch) {
        this.osArch = osArch;
        make = new ChangeCalls(syscall -> syscall.on(osArch));
    }

    /** {@return the system calls for the changes of a plan} */
    public List<Instruction> changes(Plan plan) {
        List<Plan.Step> steps = plan.changes().stream().map(change -> new Plan.Step(change, false)).toList();
        return make.of(steps).stream().map(row -> of(row.syscall(), row.call(), 0, 0)).toList();
    }

    public Instruction closeFrom(int first) {
        return of("close_range(" + first + ")", make.of(Syscall.CLOSE_RANGE, first, LAST_DESCRIPTOR, 0), 0, 0);
    }

    /** Sets the name that the kernel shows of the image, until the image executes a program. */
    public Instruction name(String name) {
        return new Instruction("prctl(PR_SET_NAME)", number(Syscall.PRCTL), List.of(new Instruction.Value(PR_SET_NAME),
                new Instruction.Bytes(CString.terminated(name))), 0, 0);
    }

    /** Gives a pipe to a user, who can then open it by {@code /dev/stdout}. Without CAP_CHOWN it keeps its owner. */
    public Instruction giveAway(int descriptor, long uid, long gid) {
        return of("fchown(" + descriptor + ")", make.of(Syscall.FCHOWN, descriptor, uid, gid), 0, KEPT);
    }

    /** Asks for a state. */
    public Instruction ask(Call question) {
        return of("question", question, Instruction.NEVER, Instruction.ANSWER);
    }

    /** Writes from the image's own memory. */
    public Instruction writeOwn(int descriptor, int length) {
        return of("write(" + descriptor + ")", make.of(Syscall.WRITE, descriptor).withOwn(0).with(length), length, 0);
    }

    /** Opens a file, which must get exactly that descriptor. */
    public Instruction open(String path, int flags, int descriptor) {
        return new Instruction("open(" + path + ")", number(Syscall.OPENAT), List.of(new Instruction.Value(AT_FDCWD),
                new Instruction.Bytes(CString.terminated(path)), new Instruction.Value(flags | O_CLOEXEC)),
                descriptor, 0);
    }

    /** Refuses calls to the child and to its program. */
    public Instruction filter(Denial denial) {
        return new Instruction("seccomp(SECCOMP_SET_MODE_FILTER)", number(Syscall.SECCOMP),
                List.of(new Instruction.Value(SECCOMP_SET_MODE_FILTER()), new Instruction.Value(0),
                        new Instruction.Filter(FilterProgram.of(denial, osArch))),
                0, 0);
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
        return execve(path, List.of(bytes(path)), NEXT_NAME);
    }

    /** Executes a file like {@link #execute}. If it is no program for the kernel, the shell executes it, as in execvp(3). */
    public List<Instruction> executeByShell(String path) {
        return List.of(execve(path, List.of(bytes(path)), NEXT_NAME | 1L << ENOEXEC()),
                execve(SHELL, List.of(bytes(SHELL), bytes(path)), NEXT_NAME));
    }

    private Instruction execve(String path, List<Instruction.Operand> operands, long passed) {
        return new Instruction("execve(" + path + ")", number(Syscall.EXECVE), operands, 0, passed);
    }

    private static Instruction.Operand bytes(String text) {
        return new Instruction.Bytes(CString.terminated(text));
    }

    private long number(Syscall syscall) {
        return make.of(syscall).number();
    }

    private static Instruction of(String syscall, Call call, long wanted, long passed) {
        List<Instruction.Operand> operands = call.arguments().stream().map(Instructions::operand).toList();
        return new Instruction(syscall, call.number(), operands, wanted, passed);
    }

    private static Instruction.Operand operand(Call.Argument argument) {
        if (argument instanceof Call.Input input) {
            return new Instruction.Bytes(input.content().toArray(JAVA_BYTE));
        }
        return argument instanceof Call.Own own ? new Instruction.Own(own.offset())
                : new Instruction.Value(((Call.Value) argument).value());
    }
}
