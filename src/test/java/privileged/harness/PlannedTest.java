package privileged.harness;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A compiled test method.
 *
 * @param name the class and the method, as in {@code soak.SoakIT#runs}
 * @param needed the capabilities that its annotations ask for
 * @param required what else it may skip itself for
 * @param rows the least number of rows; 0 if it is neither parameterized nor repeated
 * @param elsewhere whether containers leave it out
 * @param smoke whether every container runs it
 */
record PlannedTest(String name, long needed, Set<Requirement> required, int rows, boolean elsewhere, boolean smoke) {

    /** {@return the tests in a directory of classes} They are found by annotation, whatever the class is called. */
    static List<PlannedTest> in(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map(file -> classes.relativize(file).toString()).filter(file -> file.endsWith(".class")).sorted()
                    .map(file -> file.replace('/', '.').replaceFirst("\\.class$", "")).flatMap(PlannedTest::of).toList();
        }
    }

    private static Stream<PlannedTest> of(String type) {
        try {
            return of(Class.forName(type, false, PlannedTest.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<PlannedTest> of(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods()).filter(method -> AnnotationSupport.isAnnotated(method, Testable.class))
                .map(method -> new PlannedTest(type.getName() + "#" + method.getName(), needed(type, method),
                        Requires.Condition.declared(type, method), DeclaredRows.of(method),
                        type.isAnnotationPresent(SameInContainers.class), type.isAnnotationPresent(Smoke.class)));
    }

    private static long needed(Class<?> type, Method method) {
        return type.isAnnotationPresent(Privileged.class) || method.isAnnotationPresent(Privileged.class)
                ? Privileged.Condition.needed(Stream.of(type, method))
                : 0;
    }

    String className() {
        return name.substring(0, name.indexOf('#'));
    }
}
