package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.CString;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/** The first bytes of a file that may be executed. No other file is opened: to open a FIFO or a device has effects. */
final class FileHead {

    /** The bytes of a script that the kernel reads. */
    private static final int LENGTH = 256;

    private static final int AT_FDCWD = -100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;
    private static final String DESCRIPTORS = "/proc/thread-self/fd/";

    private FileHead() {
    }

    /** {@return the bytes as ISO 8859-1, or empty if the file cannot be read or is no regular executable file} */
    static Optional<String> of(Path file) {
        int place = open(file, O_PATH);
        if (place < 0) {
            return Optional.empty();
        }
        try { // from here on the file cannot be exchanged for another one
            Path same = Path.of(DESCRIPTORS + place);
            return ProgramFile.isExecutable(same) ? read(same) : Optional.empty();
        } finally {
            Descriptors.close(place);
        }
    }

    private static Optional<String> read(Path file) {
        int descriptor = open(file, O_NONBLOCK);
        if (descriptor < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new String(Descriptors.read(descriptor, LENGTH), StandardCharsets.ISO_8859_1));
        } catch (CapsException e) {
            return Optional.empty();
        } finally {
            Descriptors.close(descriptor);
        }
    }

    private static int open(Path file, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) Syscalls.call(Syscall.OPENAT, AT_FDCWD, arena.allocateFrom(JAVA_BYTE,
                    CString.terminated(file)).address(), flags | O_CLOEXEC);
        }
    }
}
