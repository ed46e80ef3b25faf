package nucleus.caps.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The image in a file, on each processor that there is one for: its programs and its ends. */
class ChildImageTest extends ImageTest {

    private static List<Instruction> noNewPrivs(Machines machine) {
        return new Instructions(machine.osArch()).changes(new Plan(List.of(
                new Plan.Step(new Change.NoNewPrivs(), false)), false));
    }

    @ParameterizedTest
    @EnumSource
    void executesTheFirstProgramThatExists(Machines machine) throws Exception {
        List<Instruction> list = list(machine, noNewPrivs(machine), directory + "/nowhere", "/etc/passwd", "/bin/sh",
                "/bin/false");
        Process process = start(machine, list, "sh", "-c",
                "echo \"$0 $1 $IMAGE_TEST\"; grep NoNewPrivs /proc/self/status; ls /proc/self/fd", "a b", "");
        assertThat(report(list)).isEqualTo(new ChildReport(Elf.REPORT, 0));
        leave.write(LEAVE);
        assertThat(report(list)).isEqualTo(new ChildReport(list.get(list.size() - 4), -2));
        assertThat(report(list)).isEqualTo(new ChildReport(list.get(list.size() - 3), -13));
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .containsExactly("a b  there", "NoNewPrivs:\t1", "0", "1", "2", "3");
        assertThat(status(process)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void withoutLeaveItEnds(Machines machine) throws Exception {
        List<Instruction> list = list(machine, List.of(), "/bin/true");
        Process process = start(machine, list, "true");
        assertThat(report(list).is(Elf.REPORT)).isTrue();
        leave.close();
        assertThat(status(process)).isEqualTo(FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void itEndsAtTheFirstCallThatIsRefused(Machines machine) throws Exception {
        Instruction refused = new Instruction("dup(99)", machine.osArch().equals("amd64") ? 32 : 23,
                List.of(new Instruction.Value(99)), 0, 0);
        List<Instruction> list = list(machine, List.of(refused), "/bin/true");
        Process process = start(machine, list, "true");
        assertThat(report(list)).isEqualTo(new ChildReport(refused, -9));
        assertThat(status(process)).isEqualTo(FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void itEndsAtTheFirstCallThatGivesSomethingElse(Machines machine) throws Exception {
        Instruction other = new Instructions(machine.osArch()).open("/dev/null", Instructions.O_RDONLY, 99);
        List<Instruction> list = list(machine, List.of(other), "/bin/true");
        Process process = start(machine, list, "true");
        ChildReport report = report(list);
        assertThat(report.is(other)).isTrue();
        assertThat(report.passed()).isFalse();
        assertThat(report.result()).isBetween(5L, 98L);
        assertThat(status(process)).isEqualTo(FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void itEndsWhereNoProgramCanBeExecuted(Machines machine) throws Exception {
        List<Instruction> list = list(machine, List.of(), directory + "/nowhere", directory + "/image/x");
        Process process = start(machine, list, "true");
        assertThat(report(list).is(Elf.REPORT)).isTrue();
        leave.write(LEAVE);
        assertThat(report(list)).isEqualTo(new ChildReport(list.get(list.size() - 2), -2));
        assertThat(report(list)).isEqualTo(new ChildReport(list.getLast(), -20));
        assertThat(report(list)).isEqualTo(new ChildReport(Elf.END, 0));
        assertThat(status(process)).isEqualTo(FAILED);
    }
}
