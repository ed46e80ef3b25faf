package nucleus.caps.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of every scenario, refused once. The table of what is left then is committed: faults.txt. */
class FaultTableTest {

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    @Test
    void eachRefusedCallLeavesTheStateOfTheTable() throws IOException {
        List<String> table = new ArrayList<>();
        table.add("# The state after each call of each scenario is refused once. FaultTableTest compares the model with it.");
        table.add("# Capabilities: c chown, g setgid, u setuid, p setpcap, b net_bind_service");
        for (Scenario scenario : Scenario.all()) {
            table.add("== " + scenario);
            table.add("start: " + Scenario.line(scenario.start()));
            List<String> calls = scenario.calls();
            for (int call = 0; call < calls.size(); call++) {
                FakeKernel kernel = FakeKernel.of(scenario.start()).refuseAt(call);
                CapsException e = catchThrowableOfType(CapsException.class, () -> scenario.performOn(kernel));
                table.add(call + " " + Scenario.line(calls.get(call)) + (e == null ? " overcome: "
                        : e.changed() ? " changed: " : " unchanged: ") + Scenario.line(kernel.status()));
            }
            table.add("end: " + Scenario.line(scenario.end()));
        }
        Path made = Path.of(System.getProperty("caps.basedir", "."), "target/faults.txt");
        Files.writeString(made, String.join("\n", table) + "\n");
        assertThat(String.join("\n", table)).as("faults.txt; where the change is meant, copy " + made)
                .isEqualTo(committed());
    }

    private static String committed() throws IOException {
        try (InputStream in = FaultTableTest.class.getResourceAsStream("faults.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void refusalNamesItsCallAndWhetherAnythingChanged(Scenario scenario) {
        List<String> calls = scenario.calls();
        for (int call = 0; call < calls.size(); call++) {
            FakeKernel kernel = FakeKernel.of(scenario.start()).refuseAt(call);
            CapsException e = catchThrowableOfType(CapsException.class, () -> scenario.performOn(kernel));
            if (e == null) { // it is made twice
                assertThat(calls.get(call)).isEqualTo("prctl(PR_SET_KEEPCAPS, 0)");
                continue;
            }
            assertThat(e.syscall()).isEqualTo(calls.get(call));
            assertThat(e.errnoName()).isEqualTo("EPERM");
            assertThat(e.rule()).contains("security module");
            assertThat(e.changed()).isEqualTo(!kernel.status().equals(scenario.start()));
            assertThat(e.threads()).containsExactly(kernel.status());
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void keepCapsOutlivesNoRefusal(Scenario scenario) {
        for (int call = 0; call < scenario.calls().size(); call++) {
            FakeKernel kernel = FakeKernel.of(scenario.start()).refuseAt(call);
            catchThrowableOfType(CapsException.class, () -> scenario.performOn(kernel));
            boolean switchedOn = kernel.trace().contains("prctl(PR_SET_KEEPCAPS, 1)");
            assertThat(switchedOn && keepsCaps(kernel.status())).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void theSameAgainCompletesWhatWasRefused(Scenario scenario) {
        for (int call = 0; call < scenario.calls().size(); call++) {
            FakeKernel kernel = FakeKernel.of(scenario.start()).refuseAt(call);
            catchThrowableOfType(CapsException.class, () -> scenario.performOn(kernel));
            scenario.performOn(kernel);
            assertThat(kernel.status()).isEqualTo(scenario.end());
        }
    }

    private static boolean keepsCaps(ThreadStatus status) {
        return (status.secureBits().orElseThrow().bits() & Scenario.KEEP_CAPS) != 0;
    }
}
