package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import nucleus.caps.internal.threads.Call;

/**
 * The calls that are made bare: some because the C library's wrapper would change every thread, nptl(7), and some
 * because every thread is to make them.
 *
 * @param capget capget(2)
 * @param capset capset(2)
 * @param prctl prctl(2)
 * @param setgroups setgroups(2)
 * @param setresgid setresgid(2)
 * @param setresuid setresuid(2)
 * @param lgetxattr lgetxattr(2)
 * @param lsetxattr lsetxattr(2)
 * @param lremovexattr lremovexattr(2)
 */
record SyscallNumbers(int capget, int capset, int prctl, int setgroups, int setresgid, int setresuid, int lgetxattr,
                      int lsetxattr, int lremovexattr) {

    /** {@return a call of prctl(2); the arguments that an option does not use must be 0, and are} */
    Call prctl(long... arguments) {
        return Call.of(prctl, arguments);
    }

    /** The bindings are made on x86-64; the others share the table of asm-generic/unistd.h. */
    static SyscallNumbers of(String osArch) {
        return switch (osArch) {
            case "amd64" ->
                    new SyscallNumbers(SYS_capget(), SYS_capset(), SYS_prctl(), SYS_setgroups(), SYS_setresgid(),
                            SYS_setresuid(), SYS_lgetxattr(), SYS_lsetxattr(), SYS_lremovexattr());
            case "aarch64", "riscv64" -> new SyscallNumbers(90, 91, 167, 159, 149, 147, 9, 6, 15);
            default -> throw new UnsupportedOperationException("nucleus.caps knows the system calls of amd64, aarch64"
                    + " and riscv64, not those of " + osArch);
        };
    }
}
