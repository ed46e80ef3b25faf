package nucleus.caps.internal.kernel;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;
import nucleus.caps.internal.ffi.CAsserts;
import nucleus.caps.internal.ffi.CFacts;
import nucleus.caps.internal.ffi.Gcc;
import org.junit.jupiter.api.Test;

/** The numbers of the system calls, against the headers of the kernel. */
class LaunchNumbersTest {

    /** The generic table has two names for the calls of 64-bit processors that were widened on others. */
    private static final Map<String, String> WIDENED = Map.of("fcntl", "3264_fcntl", "statfs", "3264_statfs");

    @Test
    void generic() throws ReflectiveOperationException {
        check("<asm-generic/unistd.h>", "__NR_", LaunchNumbers.GENERIC, WIDENED);
    }

    @Test
    void x86() throws ReflectiveOperationException {
        check("<sys/syscall.h>", "SYS_", LaunchNumbers.X86_64, Map.of());
    }

    private static void check(String header, String prefix, LaunchNumbers numbers, Map<String, String> names)
            throws ReflectiveOperationException {
        RecordComponent[] components = LaunchNumbers.class.getRecordComponents();
        Map<String, Long> facts = new TreeMap<>();
        for (RecordComponent component : components) {
            String name = component.getName();
            facts.put(names.containsKey(name) ? "__NR" + names.get(name) : prefix + name,
                    (long) (int) component.getAccessor().invoke(numbers));
        }
        Gcc.INSTALLED.mustAccept(CAsserts.of(header, CFacts.constants(facts)), components.length);
    }
}
