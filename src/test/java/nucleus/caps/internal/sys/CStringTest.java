package nucleus.caps.internal.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
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

    /** One byte that is no text, a letter of two bytes, a byte that only begins a letter, and a letter outside the BMP. */
    @Test
    void keepsTheBytesOfATextThatAreNoText() {
        byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa4, (byte) 0xc3, '(', (byte) 0xf0, (byte) 0x9f, (byte) 0x98,
            (byte) 0x80, (byte) 0x80};

        String text = CString.text(bytes);

        assertThat(text).isEqualTo("a\udcffä\udcc3(\ud83d\ude00\udc80");
        assertThat(CString.terminated(text)).isEqualTo(Arrays.copyOf(bytes, bytes.length + 1));
    }

    @Test
    void refusesASurrogateThatIsNoByte() {
        assertThatIllegalArgumentException().isThrownBy(() -> CString.terminated("\udc7f"));
        assertThatIllegalArgumentException().isThrownBy(() -> CString.terminated("\udd00"));
        assertThatIllegalArgumentException().isThrownBy(() -> CString.terminated("\ud83d"));
    }
}
