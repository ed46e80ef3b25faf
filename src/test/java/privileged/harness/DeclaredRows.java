package privileged.harness;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The number of rows that a test method declares. Values, lines and constants of an enum are counted. A method that makes rows
 * is not called: it counts as one row.
 */
final class DeclaredRows {

    private DeclaredRows() {
    }

    /** {@return the least number of rows, or 0 if the test is neither parameterized nor repeated} */
    static int of(Method method) {
        if (AnnotationSupport.isAnnotated(method, RepeatedTest.class)) {
            return method.getAnnotation(RepeatedTest.class).value();
        }
        if (!AnnotationSupport.isAnnotated(method, ParameterizedTest.class)) {
            return 0;
        }
        return IntStream.concat(literal(method), IntStream.concat(
                AnnotationSupport.findRepeatableAnnotations(method, EnumSource.class).stream()
                        .mapToInt(source -> constants(source, method)),
                AnnotationSupport.findRepeatableAnnotations(method, MethodSource.class).stream()
                        .mapToInt(source -> Math.max(1, source.value().length))))
                .sum();
    }

    private static IntStream literal(Method method) {
        return IntStream.concat(
                AnnotationSupport.findRepeatableAnnotations(method, ValueSource.class).stream().mapToInt(DeclaredRows::values),
                AnnotationSupport.findRepeatableAnnotations(method, CsvSource.class).stream()
                        .mapToInt(source -> source.value().length + (int) source.textBlock().lines().count()));
    }

    private static int values(ValueSource source) {
        return IntStream.of(source.shorts().length, source.bytes().length, source.ints().length, source.longs().length,
                source.floats().length, source.doubles().length, source.chars().length, source.booleans().length,
                source.strings().length, source.classes().length).sum();
    }

    private static int constants(EnumSource source, Method method) {
        Object[] named = source.value().getEnumConstants(); // none if the source leaves the enum to the parameter
        Object[] all = named.length > 0 ? named : method.getParameterTypes()[0].getEnumConstants();
        Set<String> names = Set.of(source.names());
        Stream<String> constants = Arrays.stream(all).map(constant -> ((Enum<?>) constant).name());
        return (int) switch (source.mode()) {
            case INCLUDE -> names.isEmpty() ? all.length : names.size();
            case EXCLUDE -> all.length - names.size();
            case MATCH_ALL -> constants.filter(name -> names.stream().allMatch(name::matches)).count();
            case MATCH_ANY -> constants.filter(name -> names.stream().anyMatch(name::matches)).count();
            case MATCH_NONE -> constants.filter(name -> names.stream().noneMatch(name::matches)).count();
        };
    }

    /** {@return what is wrong with the numbers of the rows, in words; empty if they are 1, 2 and so on, enough of them} */
    static String fault(int least, List<Integer> rows) {
        List<Integer> expected =
                least == 0 ? List.of(0) : IntStream.rangeClosed(1, Math.max(least, rows.size())).boxed().toList();
        return rows.stream().sorted().toList().equals(expected) ? ""
                : "reports the rows " + rows + ", and declares " + (least == 0 ? "none" : "at least " + least);
    }
}
