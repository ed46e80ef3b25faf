package nucleus.caps.internal.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text and file names as the kernel takes them. */
class CStringTest {

    @Test
    void endsATextWithZero() {
        assertThat(CString.terminated("ab")).containsExactly('a', 'b', 0);
    }

    @Test
    void refusesAZeroInAText() {
        assertThatIllegalArgumentException().isThrownBy(() -> CString.terminated("a\0b"));
    }

    @Test
    void keepsTheBytesOfAFileNameThatAreNoText() {
        Path file = Path.of(URI.create("file:///%FF%FEx"));

        assertThat(CString.terminated(file)).containsExactly('/', 0xff, 0xfe, 'x', 0);
    }

    @Test
    void endsTheNameOfADirectoryWithoutASlash(@TempDir Path directory) {
        assertThat(CString.terminated(directory)).isEqualTo((directory + "\0").getBytes(UTF_8));
    }
}
