package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No word of a user gives a stack trace, more than one line of error, or a false success. */
class AnyWordTest {

    /**
     * WORD is replaced. Each place of a word in the commands that only read, and in those that fail before they write: no
     * command takes a word too much, and run has no program.
     */
    private static final List<String> COMMANDS = List.of("WORD", "WORD --help", "help WORD",
            "completion WORD", "man WORD", "drop WORD", "drop --uid WORD --gid 5 more", "drop --uid 5 --gid WORD more",
            "drop --uid root --gid WORD more", "drop --reuid=WORD --regid=5 more", "drop --uid 5 --gid 5 --keep WORD more",
            "drop --scope WORD more", "drop --secure-bits WORD more", "drop --unprivileged --uid WORD more", "run WORD",
            "run -- WORD", "run -- WORD more", "run --uid WORD NONE", "run --uid WORD --gid 5 NONE",
            "run --uid 5 --gid WORD NONE", "run --gid WORD NONE", "run --groups WORD NONE", "run --groups 5,WORD NONE",
            "run --uid WORD --init-groups NONE", "run --uid WORD --reset-env NONE", "run --keep WORD NONE",
            "run --ambient WORD NONE", "run --inheritable WORD NONE", "run --iab WORD NONE", "run --secure-bits WORD NONE",
            "run --umask WORD NONE", "run --chdir WORD NONE", "run --chdir WORD --wait NONE", "run --pdeathsig WORD NONE",
            "show WORD", "show --json WORD", "threads WORD", "threads --json WORD",
            "ps WORD", "ps --json WORD", "ps --tree WORD", "file WORD", "file get WORD", "file get -r WORD",
            "file get -n WORD", "file get --json WORD", "file get -r -- WORD", "file set WORD /proc/no-such-file",
            "file set =p WORD", "file set -n WORD =p /proc/no-such-file", "file set -n 1 WORD /proc/no-such-file",
            "file remove WORD", "decode WORD", "decode --json WORD", "decode security.capability=WORD", "decode 0sWORD",
            "decode \"WORD\"", "decode 0xWORD", "explain WORD", "explain cap_WORD", "explain chown WORD", "explain 5 WORD");

    private static final String NO_PROGRAM = "/proc/no-such-program";

    private static final List<String> WORDS = List.of("", " ", "\t", "\n", "\r\n", "a\nb", "\0", "a\0b", "\u0001", "\u001b[31m",
            "\u007f", "\u0085", "\u009b", "\u2028", "\u202e", "\ufeff", "\ufffd", "\ufffd\n\ufffd", "\ud800", "\udc00x",
            "\ud83d\ude00", "-", "--", "---", "-1", "--x", "--json=1", "%s%n%d", "\\", "\"", "'", "$(id)", "\u0661", "1e9", "0x",
            "0x0x", "0s", "-2147483648", "18446744073709551616", "=", "+all", "..\0");

    private static final String LONG = "x\u00e9\n".repeat(1 << 18);

    private record Outcome(int exit, String out, String err) {
    }

    private static Outcome caps(List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CapsTool().run(new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
        return new Outcome(exit, out.toString(), err.toString());
    }

    private static List<String> with(String command, String word) {
        return Arrays.stream(command.split(" ")).map(part -> part.equals("NONE") ? NO_PROGRAM : part.replace("WORD", word))
                .toList();
    }

    private static void requireGood(Outcome outcome) {
        assertThat(outcome.exit()).isIn(0, 1, 2, 125, 126, 127);
        assertThat(outcome.err().lines().count()).isEqualTo(outcome.exit() == 0 ? 0 : 1);
        assertThat(outcome.err()).doesNotContain("Exception", "\tat ").hasSizeLessThan(10_000);
        assertThat(outcome.err().strip()).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}]");
        if (outcome.exit() != 0) {
            assertThat(outcome.err()).startsWith("caps: ");
            assertThat(outcome.out()).isIn("", "[]" + System.lineSeparator());
        }
    }

    static Stream<Arguments> commands() {
        return COMMANDS.stream().map(command -> arguments(command));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void givesOneLine(String command) {
        for (String word : Stream.concat(WORDS.stream(), Stream.of(LONG, "9".repeat(1 << 20), "0".repeat(1 << 20),
                "a/".repeat(1 << 19), "-".repeat(1 << 20), "f".repeat(1 << 20))).toList()) {
            Outcome outcome = caps(with(command, word));

            assertThat(outcome).as(command + " with " + Json.of(word.substring(0, Math.min(20, word.length()))))
                    .satisfies(AnyWordTest::requireGood);
        }
    }

    /** A blank or an undecodable word means nothing anywhere. */
    @ParameterizedTest
    @MethodSource("commands")
    void doesNotSucceedWithoutAMeaning(String command) {
        for (String word : List.of("", " ", "\t", "\n", "\ufffd", "\ud800", LONG)) {
            assertThat(caps(with(command, word)).exit())
                    .as(command + " with " + Json.of(word.substring(0, Math.min(20, word.length()))))
                    .isNotZero();
        }
    }

    /** The JVM decodes the words of its command line itself: bytes that are not UTF-8 reach main in their own way. */
    @Test
    void givesOneLineForBytesThatAreNoText() throws IOException, InterruptedException {
        for (List<String> command : List.of(List.of("file", "get"), List.of("file", "set", "=p"), List.of("explain"),
                List.of("decode"), List.of("show"), List.of("drop", "--uid"), List.of("run", "--uid"), List.of("run", "--chdir"),
                List.of("run", "--wait", "--chdir"), List.of("run", "--iab"), List.of("run", "--"))) {
            String more = command.getFirst().equals("run") ? " " + NO_PROGRAM : "";
            List<String> words = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" \"$(printf 'a\\377\\001')\"" + more, "sh",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
            words.addAll(command);
            Process process = new ProcessBuilder(words).start();
            process.getOutputStream().close();
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(err).isIn(1, 2, 125, 126, 127);
            assertThat(err.lines()).hasSize(1).first().asString().startsWith("caps: ").doesNotContain("Exception");
        }
    }
}
