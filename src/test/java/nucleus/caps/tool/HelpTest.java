package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The help texts and the manual page. */
class HelpTest {

    private static final Manual MANUAL = Manual.read();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int caps(String... words) {
        out.getBuffer().setLength(0);
        return new CapsTool().run(new PrintWriter(out), new PrintWriter(err), words);
    }

    static Stream<ManualEntry> commands() {
        return MANUAL.commands().stream();
    }

    @Test
    void theShortHelpIsOneLineForEachCommand() {
        assertThat(caps("--help")).isZero();
        assertThat(err.toString()).isEmpty();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("usage: caps [-v] COMMAND [ARGUMENT...]");
        assertThat(lines.stream().filter(line -> line.startsWith("  "))).hasSameSizeAs(MANUAL.commands());
        assertThat(lines).contains("  ps           lists the processes that hold capabilities")
                .last().asString().startsWith("caps help COMMAND explains a command.");
        assertThat(caps("help")).isZero();
        assertThat(out.toString().lines()).isEqualTo(lines);
    }

    @Test
    void withoutWordsTheShortHelpIsAnError() {
        assertThat(caps()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        caps("--help");
        assertThat(err).hasToString(out.toString());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theHelpOfACommandSaysItsOwnOptionsAndNoOthers(ManualEntry command) {
        assertThat(caps((command.name() + " --help").split(" "))).isZero();
        assertThat(out.toString()).startsWith("usage: caps " + command.name()).contains("\nexit code:\n").matches("\\p{ASCII}*");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
        assertThat(out.toString().lines().filter(line -> line.startsWith("  -")).map(line -> line.strip().split(" ")[0]))
                .isEqualTo(command.options().stream().map(ManualEntry.Option::name).toList());
        String help = out.toString();
        assertThat(caps(("help " + command.name()).split(" "))).isZero();
        assertThat(out).hasToString(help);
    }

    @Test
    void helpAfterOtherWordsIsThatOfTheCommand() {
        caps("help", "run");
        String help = out.toString();
        assertThat(caps("run", "--uid", "x", "--help", "--", "id")).isZero();
        assertThat(out).hasToString(help);
        assertThat(caps("run", "--bogus", "--", "--help")).isEqualTo(2);
    }

    @Test
    void theFirstWordOfSeveralCommandsExplainsEach() {
        assertThat(caps("file", "--help")).isZero();
        assertThat(out.toString().lines().filter(line -> line.startsWith("usage:")).map(line -> line.split(" ")[3]))
                .containsExactly("get", "set", "remove");
    }

    @Test
    void theUsageBreaksBetweenOptions() {
        caps("help", "drop");
        assertThat(out.toString().lines().skip(1).limit(2)).containsExactly(
                "                 [--keep CAP,...] [--scope process|thread] [--secure-bits BIT,...]".substring(0, 17)
                        + "[--keep CAP,...] [--scope process|thread]",
                "                 [--secure-bits BIT,...] [--no-namespaces] [--no-exec]");
    }

    @ParameterizedTest
    @CsvSource({"shwo, show", "thread, threads", "rn, run", "dropp, drop", "hlep, help", "explian, explain"})
    void anUnknownCommandIsComparedWithTheOthers(String word, String nearest) {
        assertThat(caps(word)).isEqualTo(2);
        assertThat(caps(word, "--help")).isEqualTo(2);
        assertThat(caps("help", word)).isEqualTo(2);
        String message = "caps: there is no command \"" + word + "\"; the nearest is " + nearest + " (caps --help)";
        assertThat(err.toString().lines()).containsExactly(message, message, message);
    }

    @ParameterizedTest
    @CsvSource({"xy", "frobnicate", "sh", "''", "completely"})
    void aWordUnlikeEveryCommandIsOnlyRefused(String word) {
        assertThat(caps(word)).isEqualTo(2);
        assertThat(err).hasToString("caps: there is no command \"" + word + "\" (caps --help)" + System.lineSeparator());
    }

    @Test
    void theManualPageHasNoMistakesAndSaysEverything() throws Exception {
        assertThat(caps("man")).isZero();
        String page = out.toString();
        assertThat(groff(page, "-ww", "-z")).isEmpty();

        String text = groff(page, "-P-cbou", "-rLL=1000n").replaceAll(" +", " ");
        assertThat(text).contains("EXIT STATUS", "capabilities(7)", "!cap_sys_admin,^cap_chown", "~/.bashrc");
        for (ManualEntry command : MANUAL.commands()) {
            assertThat(text).contains("\n " + command.name() + "\n").contains(command.usage());
            command.options().forEach(option -> assertThat(text)
                    .contains((option.name() + " " + option.kind()).strip(), option.text()));
        }
    }

    private static String groff(String page, String... options) throws IOException, InterruptedException {
        List<String> command = Stream.concat(Stream.of("groff", "-man", "-Tascii"), Stream.of(options)).toList();
        Process groff = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream in = groff.getOutputStream()) {
            in.write(page.getBytes(StandardCharsets.US_ASCII));
        }
        String output = new String(groff.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(groff.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void aLineOfTheManualPageIsNeverAMacro() {
        ManualEntry odd = ManualEntry.of(List.of("command odd", "usage X", "summary odd", "text .so /etc/passwd",
                "text 'a \\fB", "option -x: .ft"));
        assertThat(ManPage.of(new Manual(odd, List.of(odd))).lines()).contains("\\&.so /etc/passwd", "\\&'a \\efB", "\\&.ft")
                .noneMatch(line -> line.startsWith(".so") || line.startsWith("'") || line.startsWith(".ft"));
    }
}
