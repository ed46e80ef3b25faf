package nucleus.caps.internal.sys;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import nucleus.caps.internal.ffi.seccomp_data;
import nucleus.caps.internal.ffi.sock_filter;
import nucleus.caps.internal.ffi.sock_fprog;

/**
 * The program of a seccomp filter, seccomp(2). The kernel runs it before each system call of a thread.
 *
 * <p>The program has one block for each way into the kernel: the calls of this processor, and the calls of its 32-bit
 * predecessor. A thread can make both. Each block compares the number of the call with the refused ones. It can read the
 * arguments, but not the memory that they point to. So clone3(2), whose flags are in memory, is refused as if the kernel did
 * not have it: the C library then uses clone(2). A call that came in another way gets ENOSYS.
 */
public final class FilterProgram {

    /** The mode of a thread that has a filter. */
    public static final int MODE = SECCOMP_MODE_FILTER();

    /** The flags of clone(2) for a new namespace. CLONE_NEWTIME is a part of the exit signal there, and above all signals. */
    private static final int NEW = CLONE_NEWNS() | CLONE_NEWCGROUP() | CLONE_NEWUTS() | CLONE_NEWIPC() | CLONE_NEWUSER()
            | CLONE_NEWPID() | CLONE_NEWNET() | CLONE_NEWTIME();

    /** The flags of unshare(2) that are not about namespaces. Linux 7.1 has a new flag that is, UNSHARE_EMPTY_MNTNS. */
    private static final int OTHER = CLONE_VM() | CLONE_FS() | CLONE_FILES() | CLONE_SIGHAND() | CLONE_THREAD()
            | CLONE_SYSVSEM();

    /** OPEN_TREE_NAMESPACE and FSMOUNT_NAMESPACE, linux/mount.h of Linux 7.1. The bindings do not have them. */
    private static final int MOUNT_NAMESPACE = 2;

    /** open_tree_attr(2), asm-generic/unistd.h of Linux 6.15. The bindings do not have it. */
    private static final int OPEN_TREE_ATTR = 467;

    /** A call of x32 has this bit, asm/unistd.h. The two calls that execute programs have other numbers there. */
    private static final int X32_SYSCALL_BIT = 0x4000_0000;
    private static final int X32_EXECVE = 520;
    private static final int X32_EXECVEAT = 545;

    /** asm/unistd_32.h of x86. All processors have the same numbers for calls that are younger than Linux 5.1. */
    private static final Map<Syscall, Integer> I386 = Map.of(Syscall.CLONE, 120, Syscall.UNSHARE, 310, Syscall.SETNS, 346,
            Syscall.EXECVE, 11, Syscall.EXECVEAT, 358);

    /** asm/unistd-common.h of arm. */
    private static final Map<Syscall, Integer> ARM = Map.of(Syscall.CLONE, 120, Syscall.UNSHARE, 337, Syscall.SETNS, 375,
            Syscall.EXECVE, 11, Syscall.EXECVEAT, 387);

    private static final int LOAD = BPF_LD() | BPF_W() | BPF_ABS();
    private static final int RETURN = BPF_RET() | BPF_K();

    private record Instruction(int code, int ifTrue, int ifFalse, int value) {
    }

    private final Denial denial;
    private final List<Instruction> program = new ArrayList<>();

    private FilterProgram(Denial denial) {
        this.denial = denial;
    }

    /**
     * {@return the instructions, an array of struct sock_filter}
     *
     * @param osArch the processor, as in the property {@code os.arch}
     */
    public static byte[] of(Denial denial, String osArch) {
        FilterProgram filter = new FilterProgram(denial);
        filter.add(LOAD, 0, 0, (int) seccomp_data.arch$offset());
        ToIntFunction<Syscall> numbers = call -> call.on(osArch);
        switch (osArch) {
            case "amd64" -> {
                filter.block(AUDIT_ARCH_X86_64(), numbers, X32_SYSCALL_BIT);
                filter.block(AUDIT_ARCH_I386(), call -> I386.getOrDefault(call, call.on(osArch)), 0);
            }
            case "aarch64" -> {
                filter.block(AUDIT_ARCH_AARCH64(), numbers, 0);
                filter.block(AUDIT_ARCH_ARM(), call -> ARM.getOrDefault(call, call.on(osArch)), 0);
            }
            default -> {
                filter.block(AUDIT_ARCH_RISCV64(), numbers, 0);
                filter.block(AUDIT_ARCH_RISCV32(), numbers, 0);
            }
        }
        filter.refuse(ENOSYS());
        return filter.bytes();
    }

    /** {@return the struct sock_fprog for a program of that many bytes at that address} */
    public static MemorySegment header(int length, long address) {
        MemorySegment header = MemorySegment.ofArray(new long[2]);
        sock_fprog.len(header, (short) (length / sock_filter.sizeof()));
        sock_fprog.filter(header, MemorySegment.ofAddress(address));
        return header;
    }

    /** Judges the calls of one architecture, and skips those of others. */
    private void block(int architecture, ToIntFunction<Syscall> numbers, int ignored) {
        int begin = program.size();
        add(LOAD, 0, 0, (int) seccomp_data.nr$offset());
        if (ignored != 0) {
            add(BPF_ALU() | BPF_AND() | BPF_K(), 0, 0, ~ignored);
        }
        if (denial.namespaces()) {
            refuse(numbers.applyAsInt(Syscall.CLONE), 0, NEW);
            refuse(numbers.applyAsInt(Syscall.UNSHARE), 0, ~OTHER);
            refuse(numbers.applyAsInt(Syscall.SETNS), EPERM());
            refuse(numbers.applyAsInt(Syscall.CLONE3), ENOSYS());
            refuse(numbers.applyAsInt(Syscall.OPEN_TREE), 2, MOUNT_NAMESPACE);
            refuse(OPEN_TREE_ATTR, 2, MOUNT_NAMESPACE);
            refuse(numbers.applyAsInt(Syscall.FSMOUNT), 1, MOUNT_NAMESPACE);
        }
        if (denial.exec()) {
            refuse(numbers.applyAsInt(Syscall.EXECVE), EACCES());
            refuse(numbers.applyAsInt(Syscall.EXECVEAT), EACCES());
        }
        if (denial.exec() && ignored == X32_SYSCALL_BIT) {
            refuse(X32_EXECVE, EACCES());
            refuse(X32_EXECVEAT, EACCES());
        }
        allow();
        program.add(begin, compare(architecture, program.size() - begin));
    }

    /** Refuses a call. */
    private void refuse(int number, int errno) {
        program.add(compare(number, 1));
        refuse(errno);
    }

    /** Refuses a call that has one of these bits in the lower half of an argument. */
    private void refuse(int number, int argument, int bits) {
        program.add(compare(number, 4));
        add(LOAD, 0, 0, (int) seccomp_data.args$offset() + argument * Long.BYTES);
        add(BPF_JMP() | BPF_JSET() | BPF_K(), 0, 1, bits);
        refuse(EPERM());
        allow();
    }

    /** Continues if the loaded value is this one, and otherwise skips instructions. */
    private static Instruction compare(int value, int skipped) {
        return new Instruction(BPF_JMP() | BPF_JEQ() | BPF_K(), 0, skipped, value);
    }

    private void refuse(int errno) {
        add(RETURN, 0, 0, SECCOMP_RET_ERRNO() | errno);
    }

    private void allow() {
        add(RETURN, 0, 0, SECCOMP_RET_ALLOW());
    }

    private void add(int code, int ifTrue, int ifFalse, int value) {
        program.add(new Instruction(code, ifTrue, ifFalse, value));
    }

    private byte[] bytes() {
        MemorySegment array = MemorySegment.ofArray(new long[program.size()]);
        for (int i = 0; i < program.size(); i++) {
            MemorySegment element = sock_filter.asSlice(array, i);
            sock_filter.code(element, (short) program.get(i).code());
            sock_filter.jt(element, (byte) program.get(i).ifTrue());
            sock_filter.jf(element, (byte) program.get(i).ifFalse());
            sock_filter.k(element, program.get(i).value());
        }
        return array.toArray(ValueLayout.JAVA_BYTE);
    }
}
