package nucleus.caps.internal.sys;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A new mapping of this process, mmap(2), in which /proc shows what happens to new memory. It ends when it is closed. */
public final class NewMapping implements AutoCloseable {

    private final Arena arena = Arena.ofConfined();
    private final long address;

    /** Maps a page of the file of this program. */
    public NewMapping() throws IOException {
        try (FileChannel file = FileChannel.open(Path.of("/proc/self/exe"))) {
            address = file.map(FileChannel.MapMode.READ_ONLY, 0, 1, arena).address();
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    public long address() {
        return address;
    }

    @Override
    public void close() {
        arena.close();
    }
}
