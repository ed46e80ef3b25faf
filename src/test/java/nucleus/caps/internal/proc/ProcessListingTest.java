package nucleus.caps.internal.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import nucleus.caps.CapsException;
import org.junit.jupiter.api.Test;

/** {@link Processes#tasks}: a listing can fail or miss a thread. */
class ProcessListingTest {

    private static final String SELF = "/proc/self/task/";

    /** The process is there when the list of processes names it, and is reaped before its threads are listed. */
    @Test
    void omitsAProcessThatIsReapedBeforeItsThreadsAreListed() throws IOException {
        Process child = new ProcessBuilder("sleep", "600").start();
        String directory = "/proc/" + child.pid() + "/task/";
        assertThat(Path.of(directory)).exists();

        assertThat(Processes.tasks(directory, path -> {
            try {
                child.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return ProcFiles.names(path);
        })).isEmpty();
    }

    @Test
    void refusesADirectoryThatExistsAndCannotBeListed() {
        assertThatThrownBy(() -> Processes.tasks(SELF, path -> {
            throw new IOException("Too many open files");
        })).isInstanceOf(CapsException.class).hasMessage("open(" + SELF + "): Too many open files");
    }

    @Test
    void listsUntilTwoListingsShowNoNewThread() {
        Queue<List<String>> listings = new ArrayDeque<>(List.of(List.of("1"), List.of("1"), List.of("1", "3"), List.of("3"),
                List.of("1", "3")));

        assertThat(Processes.tasks(SELF, path -> listings.remove())).containsExactly("1", "3");
        assertThat(listings).isEmpty();
    }
}
