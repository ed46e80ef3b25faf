package nucleus.caps.internal.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.CapsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only what does not exist counts as gone. */
class ProcFilesTest {

    @TempDir
    private Path directory;

    private String missing() {
        return directory + "/missing";
    }

    @Test
    void listsADirectory() throws IOException {
        Files.createFile(directory.resolve("one"));
        Files.createFile(directory.resolve("two"));

        assertThat(ProcFiles.list(directory.toString())).containsExactlyInAnyOrder("one", "two");
        assertThat(ProcFiles.listIfThere(directory.toString(), ProcFiles::names)).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void treatsAMissingDirectoryAsGone() {
        assertThat(ProcFiles.listIfThere(missing(), ProcFiles::names)).isEmpty();
        assertThat(ProcFiles.read(missing())).isEmpty();
        assertThat(ProcFiles.link(missing())).isEmpty();
    }

    /** The kernel answers ESRCH if the process ends while its directory is opened. */
    @Test
    void treatsAnyErrorAsGoneOnceThePathDoesNotExist() {
        assertThat(ProcFiles.listIfThere(missing(), path -> {
            throw new IOException("No such process");
        })).isEmpty();
    }

    @Test
    void refusesAMissingDirectoryThatMustExist() {
        assertThatThrownBy(() -> ProcFiles.list(missing())).isInstanceOf(CapsException.class)
                .hasMessage("open(" + missing() + "): ENOENT: the path does not exist");
    }

    @Test
    void refusesAnyErrorOfAPathThatExists() throws IOException {
        String file = Files.createFile(directory.resolve("file")).toString();

        assertThatThrownBy(() -> ProcFiles.listIfThere(file, ProcFiles::names)).isInstanceOf(CapsException.class)
                .hasMessage("open(" + file + "): " + file);
        assertThatThrownBy(() -> ProcFiles.listIfThere(file, path -> {
            throw new AccessDeniedException(path);
        })).isInstanceOf(CapsException.class).hasMessage("open(" + file + "): EACCES: the caller may not reach or read it");
        assertThatThrownBy(() -> ProcFiles.read(directory.toString())).isInstanceOf(CapsException.class)
                .hasMessageStartingWith("read(" + directory + "): ");
        assertThatThrownBy(() -> ProcFiles.link(file)).isInstanceOf(CapsException.class)
                .hasMessageStartingWith("readlink(" + file + "): ");
    }
}
