package nucleus.caps.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import nucleus.caps.internal.ffi.CAsserts;
import nucleus.caps.internal.ffi.CFacts;
import nucleus.caps.internal.ffi.Gcc;
import nucleus.caps.internal.ffi.linux_caps_h;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers of processors that the bindings were not made on. */
class SyscallNumbersDriftTest {

    /** Of the table that newer processors share: {@code <sys/syscall.h>} would give the one of this machine. */
    @ParameterizedTest
    @ValueSource(strings = {"aarch64", "riscv64"})
    void numbersAreThoseOfTheGenericTable(String osArch) {
        SyscallNumbers numbers = SyscallNumbers.of(osArch);

        Gcc.INSTALLED.mustAccept(CAsserts.of("<asm-generic/unistd.h>", CFacts.constants(Map.of(
                "__NR_capget", (long) numbers.capget(),
                "__NR_capset", (long) numbers.capset(),
                "__NR_prctl", (long) numbers.prctl(),
                "__NR_setgroups", (long) numbers.setgroups(),
                "__NR_setresgid", (long) numbers.setresgid(),
                "__NR_setresuid", (long) numbers.setresuid(),
                "__NR_lgetxattr", (long) numbers.lgetxattr(),
                "__NR_lsetxattr", (long) numbers.lsetxattr(),
                "__NR_lremovexattr", (long) numbers.lremovexattr()))), 9);
    }

    @Test
    void numbersOfAmd64AreThoseOfTheBindings() {
        assertThat(SyscallNumbers.of("amd64")).isEqualTo(new SyscallNumbers(
                linux_caps_h.SYS_capget(), linux_caps_h.SYS_capset(), linux_caps_h.SYS_prctl(), linux_caps_h.SYS_setgroups(),
                linux_caps_h.SYS_setresgid(), linux_caps_h.SYS_setresuid(), linux_caps_h.SYS_lgetxattr(),
                linux_caps_h.SYS_lsetxattr(), linux_caps_h.SYS_lremovexattr()));
    }
}
