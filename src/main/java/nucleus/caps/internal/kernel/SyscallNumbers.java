package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

/**
 * The calls that the C library has a wrapper for which changes every thread, nptl(7). One thread needs them bare.
 *
 * @param setgroups setgroups(2)
 * @param setresgid setresgid(2)
 * @param setresuid setresuid(2)
 */
record SyscallNumbers(int setgroups, int setresgid, int setresuid) {

    /** The bindings are made on x86-64; the others share the table of asm-generic/unistd.h. */
    static SyscallNumbers of(String osArch) {
        return switch (osArch) {
            case "amd64" -> new SyscallNumbers(SYS_setgroups(), SYS_setresgid(), SYS_setresuid());
            case "aarch64", "riscv64" -> new SyscallNumbers(159, 149, 147);
            default -> throw new UnsupportedOperationException("nucleus.caps knows the system calls of amd64, aarch64"
                    + " and riscv64, not those of " + osArch);
        };
    }
}
