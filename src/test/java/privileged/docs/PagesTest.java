package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Java blocks of some pages are parts of the programs that the tests run. */
class PagesTest {

    private static final Path PROGRAMS = Path.of(System.getProperty("caps.basedir"), "src/it");
    private static final String ONLY_FOR_THE_TEST = "// only for the test";

    @ParameterizedTest
    @CsvSource({"servers, 6", "starting, 2"})
    void showsPartsOfPrograms(String page, int blocks) throws IOException {
        List<String> programs = programs();
        assertThat(Readme.blocks(Readme.page(page), "java")).hasSize(blocks)
                .allSatisfy(block -> assertThat(programs).anyMatch(program -> program.contains(plain(block.lines()))));
    }

    private static List<String> programs() throws IOException {
        try (Stream<Path> files = Files.walk(PROGRAMS)) {
            return files.filter(file -> file.toString().endsWith(".java")).map(PagesTest::lines).map(PagesTest::plain).toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without what only tests need, and without indentation. */
    private static String plain(Stream<String> lines) {
        return lines.filter(line -> !line.endsWith(ONLY_FOR_THE_TEST)).map(String::strip)
                .collect(Collectors.joining("\n", "\n", "\n"));
    }
}
