package nucleus.caps.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import nucleus.caps.internal.ffi.CAsserts;
import nucleus.caps.internal.ffi.CFacts;
import nucleus.caps.internal.ffi.Gcc;
import nucleus.caps.internal.ffi.linux_caps_h;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers of the system calls, against the headers of the kernel and the bindings. */
class SyscallTest {

    /** The generic table has two names for calls that 32-bit processors have in two widths. */
    private static final Map<Syscall, String> WIDENED = Map.of(Syscall.FCNTL, "__NR3264_fcntl",
            Syscall.FSTATFS, "__NR3264_fstatfs", Syscall.LSEEK, "__NR3264_lseek", Syscall.MMAP, "__NR3264_mmap",
            Syscall.STATFS, "__NR3264_statfs");

    /** The 64-bit processors with this table have clone3(2), and say so in a header of their own. */
    private static final String GENERIC =
            "<stddef.h>\n#define __ARCH_WANT_SYS_CLONE3\n#include <asm-generic/unistd.h>";

    private static String name(Syscall syscall) {
        return syscall.name().toLowerCase(Locale.ROOT);
    }

    /** {@code <sys/syscall.h>} has the numbers of this machine only. */
    @ParameterizedTest
    @ValueSource(strings = {"aarch64", "riscv64"})
    void equalsTheGenericTable(String osArch) {
        Map<String, Long> facts = new TreeMap<>();
        for (Syscall syscall : Syscall.values()) {
            facts.put(WIDENED.getOrDefault(syscall, "__NR_" + name(syscall)), (long) syscall.on(osArch));
        }
        Gcc.INSTALLED.mustAccept(CAsserts.of(GENERIC, CFacts.constants(facts)), Syscall.values().length);
    }

    @Test
    void equalsTheTableOfThisMachine() {
        Map<String, Long> facts = new TreeMap<>();
        for (Syscall syscall : Syscall.values()) {
            facts.put("SYS_" + name(syscall), (long) syscall.on(System.getProperty("os.arch")));
            assertThat(syscall.number()).isEqualTo(syscall.on(System.getProperty("os.arch")));
        }
        Gcc.INSTALLED.mustAccept(CAsserts.of("<sys/syscall.h>", CFacts.constants(facts)), Syscall.values().length);
    }

    @Test
    void equalsTheBindingsOnAmd64() throws ReflectiveOperationException {
        Set<String> compared = new TreeSet<>();
        for (Method getter : linux_caps_h.class.getMethods()) {
            if (getter.getName().startsWith("SYS_") && getter.getParameterCount() == 0) {
                Syscall syscall = Syscall.valueOf(getter.getName().substring(4).toUpperCase(Locale.ROOT));
                assertThat(syscall.on("amd64")).as(getter.getName()).isEqualTo(getter.invoke(null));
                compared.add(getter.getName());
            }
        }
        assertThat(compared).contains("SYS_capget", "SYS_capset", "SYS_prctl", "SYS_setgroups", "SYS_setresgid",
                "SYS_setresuid", "SYS_lgetxattr", "SYS_lsetxattr", "SYS_lremovexattr");
    }

    @Test
    void refusesAProcessorThatIsNotKnown() {
        assertThatThrownBy(() -> Syscall.GETPID.on("s390x")).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageEndingWith("not s390x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void givesNoNumberTwice(String osArch) {
        assertThat(Arrays.stream(Syscall.values()).map(syscall -> syscall.on(osArch))).doesNotHaveDuplicates();
    }
}
