package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fact about threads and credentials in facts.txt has a test that exists. */
class FactsTest {

    static List<String> rows() {
        try {
            Path table = Path.of(System.getProperty("caps.basedir", "."), "src/test/resources/nucleus/caps/facts.txt");
            return Files.readAllLines(table).stream().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> tests() {
        return rows().stream().map(row -> row.split(" \\| ")[1]).filter(test -> !test.startsWith("none, ")).distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void isThere(String test) throws ClassNotFoundException {
        String[] names = test.split("#");
        assertThat(Class.forName(names[0], false, getClass().getClassLoader()).getDeclaredMethods())
                .filteredOn(method -> method.getName().equals(names[1])).singleElement()
                .satisfies(method -> assertThat(Arrays.stream(method.getAnnotations())
                        .map(annotation -> annotation.annotationType().getSimpleName()))
                        .containsAnyOf("Test", "ParameterizedTest"));
    }
}
