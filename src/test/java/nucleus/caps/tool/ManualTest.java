package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manual names exactly the commands that the tool runs, and exactly the options that their parsers take. No list is
 * copied: the classes of the tool hold the names as constants, and each name is offered to each parser.
 */
class ManualTest {

    private static final Path CLASSES = Path.of(System.getProperty("caps.classes"), "nucleus", "caps", "tool");
    /** CONSTANT_Utf8_info: a tag, a length of two bytes, and the text. */
    private static final Pattern CONSTANT = Pattern.compile("\\x01\\x00(.)((?:--?)?[a-z][a-z-]*)", Pattern.DOTALL);
    private static final String STRANGE = "--no-such-option";
    private static final Manual MANUAL = Manual.read();

    static Stream<ManualEntry> commands() {
        return MANUAL.commands().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theManualNamesEveryOptionThatTheParserTakes(ManualEntry command) {
        Set<String> known = options(command).collect(Collectors.toCollection(TreeSet::new));
        Stream<String> candidates = Stream.concat(constants(CLASSES).filter(constant -> constant.startsWith("-")),
                commands().flatMap(ManualTest::options));

        Set<String> taken = candidates.filter(option -> !option.equals("--help")).filter(option -> takes(command, option))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(taken).isEqualTo(known);
    }

    @Test
    void theConstantsOfTheClassesAreFound() {
        assertThat(constants(CLASSES)).contains("--uid", "--ambient", "--stay-root", "--tree", "-r", "explain");
    }

    @Test
    void theManualNamesEveryCommandThatTheToolRuns() {
        Set<String> run = Stream.concat(constants(CLASSES.resolve("CapsTool.class")), MANUAL.names().stream())
                .filter(word -> !word.startsWith("-"))
                .filter(word -> !said(word).contains("there is no command")).collect(Collectors.toCollection(TreeSet::new));
        assertThat(run).isEqualTo(new TreeSet<>(MANUAL.names()));
    }

    private static Stream<String> options(ManualEntry command) {
        return command.options().stream().map(ManualEntry.Option::name);
    }

    /** A parser refuses all unknown options with the same words. Two words after an option are always one too many. */
    private static boolean takes(ManualEntry command, String option) {
        String name = "(?<![\\w-])" + Pattern.quote(option) + "(?![\\w-])";
        return !offered(command, option).replaceAll(name, STRANGE).equals(offered(command, STRANGE));
    }

    private static String offered(ManualEntry command, String option) {
        String words = command.name() + " " + option + " nosuch1 nosuch2";
        return said((command.operands().contains("COMMAND") ? words + " -- nosuch3" : words).split(" "));
    }

    private static String said(String... words) {
        StringWriter said = new StringWriter();
        return new CapsTool().run(new PrintWriter(said), new PrintWriter(said), words) + said.toString();
    }

    /** {@return the words and options among the constants of the classes in a file or directory} */
    private static Stream<String> constants(Path place) {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> file.toString().endsWith(".class")).flatMap(ManualTest::constantsOf)
                    .collect(Collectors.toCollection(TreeSet::new)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> constantsOf(Path file) {
        try {
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            return CONSTANT.matcher(bytes).results().filter(found -> found.group(1).charAt(0) <= found.group(2).length())
                    .map(ManualTest::text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(MatchResult found) {
        return found.group(2).substring(0, found.group(1).charAt(0));
    }
}
