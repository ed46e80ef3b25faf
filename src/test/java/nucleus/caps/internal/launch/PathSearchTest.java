package nucleus.caps.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import nucleus.caps.CapsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a name may mean. */
class PathSearchTest {

    @TempDir
    private Path root;

    @BeforeEach
    void files() throws IOException {
        for (String name : new String[] {"a", "b", "here"}) {
            Files.createDirectory(root.resolve(name));
        }
        file("a/plain", "rw-r--r--");
        file("a/both", "rwxr-xr-x");
        file("b/both", "rwx------");
        file("b/plain", "rwxr-xr-x");
        file("here/own", "rwxr-xr-x");
        Files.createDirectory(root.resolve("a/own"));
    }

    private void file(String name, String mode) throws IOException {
        Files.setPosixFilePermissions(Files.createFile(root.resolve(name)), PosixFilePermissions.fromString(mode));
    }

    private PathSearch search(String path) {
        return new PathSearch(path.replace("ROOT", root.toString()), root.resolve("here"));
    }

    @Test
    void aNameIsLookedForInTheOrderOfThePath() {
        assertThat(search("ROOT/a:ROOT/none:ROOT/b:ROOT/a").candidates("both"))
                .containsExactly(root + "/a/both", root + "/b/both");
    }

    @Test
    void whatNobodyMayExecuteIsPassedOver() {
        assertThat(search("ROOT/a:ROOT/b").candidates("plain")).containsExactly(root + "/b/plain");
    }

    @Test
    void resolvesEmptyAndRelativePartsOfThePath() {
        assertThat(search("ROOT/a:").candidates("own")).containsExactly("./own");
        assertThat(search("ROOT/a:../here").candidates("own")).containsExactly("../here/own");
    }

    @Test
    void aNameWithASlashIsNotLookedFor() {
        assertThat(search("ROOT/a").candidates("./own")).containsExactly("./own");
        assertThat(search("").candidates(root + "/a/both")).containsExactly(root + "/a/both");
        assertThatThrownBy(() -> search("ROOT").candidates("a/both")).hasMessage(
                "execve(a/both): ENOENT: there is no such program");
    }

    @Test
    void whatIsNowhereOrNotExecutableIsRefused() {
        assertThatThrownBy(() -> search("ROOT/a").candidates("none")).isInstanceOf(CapsException.class)
                .hasMessage("execve(none): ENOENT: there is no such program in " + root + "/a");
        assertThatThrownBy(() -> search("ROOT/a").candidates("")).hasMessageStartingWith("execve(): ENOENT");
        assertThatThrownBy(() -> search("ROOT/a").candidates("plain")).isInstanceOf(CapsException.class)
                .hasMessage("execve(plain): EACCES: nobody may execute " + root + "/a/plain");
        assertThatThrownBy(() -> search("").candidates(root + "/a")).isInstanceOf(CapsException.class)
                .hasMessage("execve(" + root + "/a): EACCES: " + root + "/a is no regular file");
        assertThatThrownBy(() -> search("ROOT/a:").candidates("./../a")).hasMessageStartingWith("execve(./../a): EACCES");
    }

    /** A loop of links is not absent, and cannot be reached, whoever asks. */
    @Test
    void doesNotCallWhatCannotBeReachedAbsent() throws IOException {
        Files.createSymbolicLink(root.resolve("a/loop"), root.resolve("a/loop"));

        assertThatThrownBy(() -> search("ROOT/none:ROOT/a").candidates("loop")).isInstanceOf(CapsException.class)
                .hasMessage("execve(loop): ELOOP: " + root + "/a/loop: too many symbolic links");
        assertThatThrownBy(() -> search("ROOT/a/plain").candidates("x")).isInstanceOf(CapsException.class)
                .hasMessage("execve(x): ENOENT: there is no such program in " + root + "/a/plain");
        assertThatThrownBy(() -> search("").candidates("/" + "x".repeat(300))).isInstanceOf(CapsException.class)
                .hasMessageEndingWith("ENAMETOOLONG: /" + "x".repeat(300) + ": the path or a name in it is too long");
    }
}
