package nucleus.caps.internal.threads;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;
import nucleus.caps.internal.ffi.CAsserts;
import nucleus.caps.internal.ffi.CFacts;
import nucleus.caps.internal.ffi.Gcc;
import org.junit.jupiter.api.Test;

/** The numbers of the system calls, against the headers of the kernel. */
class NumbersTest {

    /** The kernel's names, where ours are shorter. */
    private static final Map<String, String> NAMES = Map.of("sigaction", "rt_sigaction", "queue", "rt_tgsigqueueinfo");

    /** Of the table that newer processors share: {@code <sys/syscall.h>} would give the one of this machine. */
    @Test
    void generic() throws ReflectiveOperationException {
        check("<asm-generic/unistd.h>", "__NR_", Numbers.GENERIC);
    }

    @Test
    void x86() throws ReflectiveOperationException {
        check("<sys/syscall.h>", "SYS_", Numbers.X86_64);
    }

    private static void check(String header, String prefix, Numbers numbers)
            throws ReflectiveOperationException {
        RecordComponent[] components = Numbers.class.getRecordComponents();
        Map<String, Long> facts = new TreeMap<>();
        for (RecordComponent component : components) {
            facts.put(prefix + NAMES.getOrDefault(component.getName(), component.getName()),
                    (long) (int) component.getAccessor().invoke(numbers));
        }
        Gcc.INSTALLED.mustAccept(CAsserts.of(header, CFacts.constants(facts)), components.length);
    }
}
