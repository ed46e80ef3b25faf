package nucleus.caps.internal.launch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.proc.Filters;
import nucleus.caps.internal.proc.Proc;
import org.jspecify.annotations.Nullable;

/**
 * The status file of a child in /proc, as a second witness beside the child's own report. It is opened before the child
 * changes its ids. From then on the mount option hidepid of /proc could hide it.
 */
final class ChildStatus implements AutoCloseable {

    /** The name of an image as the kernel shows it. A program gets the name of its file when it begins. */
    static final String IMAGE = "nucleus.launch";

    private static final String NAME = "Name:\t" + IMAGE + "\n";
    private static final int CHUNK = 1 << 16;

    private final int pid;
    private final @Nullable RandomAccessFile file;

    private ChildStatus(int pid, @Nullable RandomAccessFile file) {
        this.pid = pid;
        this.file = file;
    }

    /** Opens the file. If /proc hides it, nothing is read from it. */
    static ChildStatus open(long pid) {
        try {
            return new ChildStatus((int) pid, new RandomAccessFile("/proc/" + pid + "/status", "r"));
        } catch (IOException e) {
            return new ChildStatus((int) pid, null);
        }
    }

    /** {@return whether the file could be opened} */
    boolean isOpen() {
        return file != null;
    }

    /** {@return the state of the child, or empty if it cannot be read} */
    Optional<ThreadStatus> read() {
        return text().flatMap(text -> Proc.task(pid, text));
    }

    /** {@return the seccomp filters of the child, or empty if they cannot be read} */
    Optional<Filters> filters() {
        return text().map(text -> Proc.filters(pid, text));
    }

    /** {@return whether the child is still the image, or was when it ended; empty if that cannot be read} */
    Optional<Boolean> isImage() {
        return text().map(text -> text.startsWith(NAME));
    }

    private Optional<String> text() {
        if (file == null) {
            return Optional.empty();
        }
        try {
            StringBuilder text = new StringBuilder();
            byte[] chunk = new byte[CHUNK];
            file.seek(0);
            for (int n; (n = file.read(chunk)) > 0;) {
                text.append(new String(chunk, 0, n, StandardCharsets.ISO_8859_1));
            }
            return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
        } catch (IOException e) { // ESRCH: nobody waits for the child any more
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("the status file of a child cannot be closed", e);
        }
    }
}
