package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No value of an option of {@code drop} and {@code run} causes more than one line, or a stack trace. */
class BadWordsTest {

    private static final List<String> WORDS = List.of("", " ", "\t\n", "\u001b[31m", "-", "--", "=", ",", "0x", "040", "-1",
            "18446744073709551616", "\udcff", "\ufffd", "\ud83d", "\u202e", "x".repeat(1 << 20), "1".repeat(1 << 20));

    static Stream<List<String>> commands() {
        // An operand ends a drop after its options are parsed, and before it changes this JVM.
        Stream<List<String>> drops = DropOptions.ACCEPTED.valued().stream()
                .flatMap(option -> WORDS.stream().map(word -> List.of("drop", option, word, "operand")));
        Stream<List<String>> runs = RunOptions.ACCEPTED.valued().stream()
                .flatMap(option -> WORDS.stream().map(word -> List.of("run", option, word, "--", "/no/such/program")));
        return Stream.concat(drops, runs);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void badWordGivesOneLine(List<String> words) {
        StringWriter err = new StringWriter();

        int exit = new CapsTool().run(new PrintWriter(new StringWriter()), new PrintWriter(err),
                words.toArray(String[]::new));

        assertThat(exit).isBetween(1, 127);
        assertThat(err.toString().lines()).hasSize(1).allSatisfy(line -> assertThat(line).startsWith("caps: ")
                .hasSizeLessThan(500).doesNotContain("Exception").doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}]"));
    }
}
