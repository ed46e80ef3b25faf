package nucleus.caps.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import privileged.Privileged;

/** The guards whose tests need privileges: each of those tests fails where its guard is gone. */
@Privileged
class GuardTableIT {

    static Stream<GuardTable.Row> judgedHere() {
        return GuardTable.rows().stream().filter(GuardTable.Row::privileged);
    }

    @Test
    void withoutAFaultAJudgePasses() throws Exception {
        assertThat(GuardTable.judge(GuardTable.unchanged(), List.of(judgedHere().findFirst().orElseThrow().judge()))
                .getTestsSucceededCount()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("judgedHere")
    void isMissedWhereItIsGone(GuardTable.Row row) throws Exception {
        GuardTable.requireFailure(row);
    }
}
