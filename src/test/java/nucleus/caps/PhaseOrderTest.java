package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import nucleus.caps.Javac.Complaint;
import nucleus.caps.PhaseOrderTable.Twins;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A wrong order does not compile, for the expected reason; what differs from it in that one line does. */
class PhaseOrderTest {

    @ParameterizedTest
    @MethodSource({"nucleus.caps.PhaseOrderTable#orders", "nucleus.caps.PhaseOrderTable#switches",
        "nucleus.caps.PhaseOrderTable#forgeries"})
    void doesNotCompileAndItsTwinDoes(Twins twins) {
        assertThat(complaints(twins, twins.illegal()))
                .containsExactly(new Complaint("compiler.err." + twins.code(), twins.place().line()));
        assertThat(complaints(twins, twins.legal())).isEmpty();
    }

    private static List<Complaint> complaints(Twins twins, String line) {
        return Javac.compile(twins.place().around(line)).complaints();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Phase            | observed scope",
        "Initial          | advise apply apply apply drop dropAll dropBoundingSet dropBoundingSetExcept dropExcept dropExcept"
                + " enter lockUnprivileged lockUnprivileged",
        "BoundingDropped  | finalizeDrop switchIdentity",
        "IdentitySwitched | finalizeDrop",
        "Ended            | exec exec exec exec identity noNewPrivs sets verify",
        "Dropped          |",
        "Applied          |",
    })
    void aPhaseHasTheseMethodsAndNoOther(String phase, String methods) throws ClassNotFoundException {
        String name = phase.equals("Phase") ? "nucleus.caps.Phase" : "nucleus.caps.Phase$" + phase;

        assertThat(Arrays.stream(Class.forName(name).getDeclaredMethods()).map(Method::getName).sorted())
                .containsExactly(methods == null ? new String[0] : methods.split(" "));
    }
}
