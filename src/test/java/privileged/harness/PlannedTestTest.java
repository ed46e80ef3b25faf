package privileged.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link PlannedTest} and {@link DeclaredRows} read what a test method declares. Most tests here read their own annotations. */
class PlannedTestTest {

    private static void declares(int rows, TestInfo test) {
        assertThat(DeclaredRows.of(test.getTestMethod().orElseThrow())).isEqualTo(rows);
    }

    static Stream<Integer> one() {
        return Stream.of(1);
    }

    static Stream<Integer> several() {
        return Stream.of(2, 3, 4);
    }

    @Test
    void countsNoRowsOfAPlainTest(TestInfo test) {
        declares(0, test);
    }

    @RepeatedTest(3)
    void countsRepetitions(TestInfo test) {
        declares(3, test);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void countsValues(int value, TestInfo test) {
        declares(2, test);
    }

    @ParameterizedTest
    @CsvSource({"a, b", "c, d", "e, f"})
    void countsLines(String one, String other, TestInfo test) {
        declares(3, test);
    }

    @ParameterizedTest
    @EnumSource
    void countsTheConstantsOfTheParameter(TimeUnit unit, TestInfo test) {
        declares(7, test);
    }

    @ParameterizedTest
    @EnumSource(TimeUnit.class)
    void countsTheConstantsOfTheNamedEnum(Object unit, TestInfo test) {
        declares(7, test);
    }

    @ParameterizedTest
    @EnumSource(names = {"DAYS", "HOURS"})
    void countsNamedConstants(TimeUnit unit, TestInfo test) {
        declares(2, test);
    }

    @ParameterizedTest
    @EnumSource(names = {"DAYS", "HOURS"}, mode = EnumSource.Mode.EXCLUDE)
    void countsAllButNamedConstants(TimeUnit unit, TestInfo test) {
        declares(5, test);
    }

    @ParameterizedTest
    @EnumSource(names = ".*SECONDS", mode = EnumSource.Mode.MATCH_ALL)
    void countsMatchingConstants(TimeUnit unit, TestInfo test) {
        declares(4, test);
    }

    @ParameterizedTest
    @MethodSource({"one", "several"})
    void countsOneRowForEachMethod(int value, TestInfo test) {
        declares(2, test);
    }

    @Requires(Requirement.IO_URING)
    private static final class NeedsMore {
        @Requires(value = Requirement.ALL_IDS, checkedInTest = true)
        void yetMore() {
        }
    }

    @Test
    void addsTheRequirementsOfAMethodToThoseOfItsClass() throws Exception {
        assertThat(Requires.Condition.declared(NeedsMore.class, NeedsMore.class.getDeclaredMethod("yetMore")))
                .containsExactlyInAnyOrder(Requirement.IO_URING, Requirement.ALL_IDS);
        assertThat(Requires.Condition.declared(getClass())).isEmpty();
    }

    @Test
    @Requires(value = Requirement.JAVA_24, checkedInTest = true)
    void findsTestsByTheirAnnotations() {
        assertThat(PlannedTest.of(getClass())).hasSize(12).contains(
                new PlannedTest(getClass().getName() + "#findsTestsByTheirAnnotations", 0, Set.of(Requirement.JAVA_24), 0, false,
                        false),
                new PlannedTest(getClass().getName() + "#countsRepetitions", 0, Set.of(), 3, false, false));
        assertThat(PlannedTest.of(HarnessIT.class)).allMatch(PlannedTest::elsewhere)
                .contains(new PlannedTest(HarnessIT.class.getName() + "#reportsAChildThatHangs", 0, Set.of(), 0, true, false))
                .contains(new PlannedTest(HarnessIT.class.getName() + "#reportsAnotherThreadThatChanged", 0x1c0, Set.of(), 0,
                        true, false));
    }
}
