package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import nucleus.caps.Capability;
import nucleus.caps.Caps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that speak of capabilities: of masks, words, files and processes. */
class SpeakingTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int caps(String... words) {
        return new CapsTool().run(new PrintWriter(out), new PrintWriter(err), words);
    }

    static Stream<Arguments> badUsage() {
        return Stream.of(
                arguments("decode", "decode needs a MASK, as in 00000000a80425fb, or an attribute that getfattr prints"),
                arguments("decode 1 0xg", "not a mask of up to 16 hexadecimal digits: \"0xg\""),
                arguments("explain cap_chwon", "no capability is named \"cap_chwon\"; the nearest is cap_chown"),
                arguments("explain 41", "no capability with a name here has the number 41"),
                arguments("ps -x", "ps has no option \"-x\""),
                arguments("ps x", "ps takes only options, not \"x\""),
                arguments("ps --tree --json", "--tree and --json exclude one another; each process has its ppid"),
                arguments("explain 041", "a capability's number has no leading zero, because some programs read \"041\" as"
                        + " octal; write 41, or 33 if it is octal"),
                arguments("file get -x a", "file get has no option \"-x\""),
                arguments("file", "missing command: file get, file set or file remove"),
                arguments("file frob", "there is no command \"file frob\""),
                arguments("file get", "file get needs a file"),
                arguments("file get -r", "file get needs a file"),
                arguments("file set", "file set needs a TEXT, as in cap_net_bind_service=ep, and files"),
                arguments("file set =p", "file set needs a file"),
                arguments("file set =x a", "at 1 of \"=x\": expected e, i or p, not \"x\""),
                arguments("file set cap_chown=p,cap_kill=e a", "at 11 of \"cap_chown=p,cap_kill=e\": expected e, i or"
                        + " p, not \",\""),
                arguments("file set -n 0 =p a", "the uid of -n is within 1 to 4294967294, not \"0\""),
                arguments("file set -n 010 =p a", "the uid of -n has no leading zero, because some programs read \"010\" as"
                        + " octal; write 10, or 8 if it is octal"),
                arguments("file set -n 4294967295 =p a", "the uid of -n is within 1 to 4294967294, not \"4294967295\""),
                arguments("file set -n", "-n needs a value"),
                arguments("file set -n x =p a", "the uid of -n is within 1 to 4294967294, not \"x\""),
                arguments("file remove a\ufffdb", "a word is no text in the encoding of this JVM, "
                        + System.getProperty("sun.jnu.encoding") + ": LC_ALL=C.UTF-8 may help"),
                arguments("file remove", "file remove needs a file"));
    }

    @ParameterizedTest
    @MethodSource("badUsage")
    void badUsageEndsWithTwoAndOneLine(String words, String message) {
        assertThat(caps(words.split(" "))).isEqualTo(2);
        assertThat(err).hasToString("caps: " + message + " (caps --help)" + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000a80425fb", "0", "1", "000001ffffffffff", "ffffffffffffffff", "0x8000000000000001"})
    void decodeSaysWhatCapshSays(String mask) throws Exception {
        Process capsh = new ProcessBuilder("/usr/sbin/capsh", "--decode=" + mask).start();
        String theirs = new String(capsh.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(capsh.waitFor()).isZero();

        assertThat(caps("decode", mask)).isZero();
        assertThat(out).hasToString(theirs);
    }

    @Test
    void decodeTakesSeveral() {
        assertThat(caps("decode", "1", "20")).isZero();
        assertThat(out.toString().lines())
                .containsExactly("0x0000000000000001=cap_chown", "0x0000000000000020=cap_kill");
    }

    @Test
    void explainWithoutAWordListsAll() {
        assertThat(caps("explain")).isZero();
        assertThat(out.toString().lines()).hasSize(Capability.values().length).contains(
                "cap_net_bind_service (10), Linux 2.2: bind ports below 1024");
    }

    @Test
    void explainFindsWhatHasToDoWithAWord() {
        assertThat(caps("explain", "chown")).isZero();
        assertThat(out.toString().lines().filter(line -> !line.startsWith("    ")).map(line -> line.split(" ")[0]))
                .containsExactly("cap_chown", "cap_fsetid");
        assertThat(out.toString().lines().filter(line -> line.startsWith("    "))).isNotEmpty()
                .allMatch(line -> line.length() <= 80);
        assertThat(String.join(" ", out.toString().lines().filter(line -> line.startsWith("    ")).map(String::strip)
                .toList())).isEqualTo(Capability.CAP_CHOWN.explanation() + " " + Capability.CAP_FSETID.explanation());
    }

    @Test
    void explainOfNamesAndNumbersIsOfThoseAlone() {
        assertThat(caps("explain", "CAP_CHOWN", "5")).isZero();
        assertThat(out.toString().lines().filter(line -> !line.startsWith("    ")).map(line -> line.split(" ")[0]))
                .containsExactly("cap_chown", "cap_kill");
    }

    @Test
    void whatNoCapabilityHasToDoWithIsSaid() {
        assertThat(caps("explain", "chown", "\u001b[31m")).isEqualTo(1);
        assertThat(err).hasToString("caps: no capability is explained with chown and ?[31m" + System.lineSeparator());
    }

    @Test
    void ofFilesWithoutCapabilitiesNothingIsSaid(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        assertThat(caps("file", "get", file.toString(), directory.toString(), link.toString(), "/dev/null")).isZero();
        assertThat(caps("file", "get", "-r", "-n", directory.toString())).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void afterAFileThatFailsTheOthersAreDone(@TempDir Path directory) {
        Path a = directory.resolve("a\n");

        assertThat(caps("file", "get", a.toString(), directory + "/b", directory.toString())).isEqualTo(1);
        assertThat(caps("file", "remove", directory.toString())).isEqualTo(1);
        assertThat(caps("file", "set", "=p", "/dev/null")).isEqualTo(1);
        assertThat(err.toString().lines()).containsExactly(
                "caps: lgetxattr(" + directory + "/a?, security.capability): ENOENT: the path does not exist",
                "caps: lgetxattr(" + directory + "/b, security.capability): ENOENT: the path does not exist",
                "caps: lremovexattr(" + directory + ", security.capability): it is not a regular file",
                "caps: lsetxattr(/dev/null, security.capability): it is not a regular file");
    }

    @Test
    void psListsWhatIsHeld() {
        assertThat(caps("ps", "--all")).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("   PPID     PID       USER NAME             CAPABILITIES");
        assertThat(lines.stream().anyMatch(line -> line.matches("\\s*\\d+\\s+" + ProcessHandle.current().pid() + " .*")))
                .isEqualTo(Caps.process(ProcessHandle.current().pid()).holdsCapabilities());
    }
}
