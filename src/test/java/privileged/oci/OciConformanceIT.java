package privileged.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import privileged.harness.CapMasks;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.SameInContainers;
import privileged.harness.SmallPrograms;
import privileged.launch.LaunchWishes;
import privileged.oci.OciRuntime.Given;
import privileged.oci.OciRuntime.Outcome;

/**
 * What {@code process} of an OCI bundle asks for, given to every thread of a JVM that then becomes a program, is what
 * runc and crun give: before the program is executed, and after. Where it is not, the table says so.
 */
@Privileged(also = CapMasks.FOR_NAMESPACES)
@SameInContainers
class OciConformanceIT {

    private static final SmallPrograms PROGRAMS = new SmallPrograms();
    private static final OciBundle BUNDLE = new OciBundle(PROGRAMS.status());
    private static final Map<OciRow, OciApplies.Ours> OURS = new HashMap<>();
    private static final Map<OciExpectation, Outcome> THEIRS = new HashMap<>();

    static Stream<Arguments> rows() {
        return OciRow.table().stream().flatMap(row -> Arrays.stream(OciRuntime.values())
                .map(runtime -> Arguments.of(row, runtime)));
    }

    private static Outcome theirs(OciExpectation expectation) {
        return THEIRS.computeIfAbsent(expectation, one -> one.runtime().run(BUNDLE, one.row()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rows")
    @Requires(value = Requirement.ALL_IDS, checkedInTest = true)
    void givesWhatARuntimeGives(OciRow row, OciRuntime runtime) {
        runtime.requireRuns(BUNDLE);
        if (!row.hasMappedIds()) {
            Requirement.ALL_IDS.orSkip();
        }
        OciExpectation expectation = new OciExpectation(row, runtime);
        expectation.check(OURS.computeIfAbsent(row, one -> OciApplies.process(one, PROGRAMS.status())),
                theirs(expectation));
    }

    /** A launcher is told nothing of permitted and effective, which an execve makes of the rest. */
    @ParameterizedTest
    @EnumSource
    void theLauncherGivesTheSame(OciRuntime runtime) {
        runtime.requireRuns(BUNDLE);
        List<OciExpectation> rows = OciRow.table().stream().filter(OciRow::hasMappedIds)
                .map(row -> new OciExpectation(row, runtime)).filter(OciExpectation::bothGive).toList();
        assertThat(rows).hasSizeGreaterThan(40);
        try (ObservedChild child =
                ObservedChild.of(LaunchWishes.class, rows.stream().map(OciConformanceIT::wish).toArray(String[]::new))
                        .through(OciRow.without()).start()) {
            for (OciExpectation row : rows) {
                List<String> lines = ((Given) theirs(row)).lines();
                assertThat(child.said().split("\\|")).as("%s, planned", row.row()).containsExactlyElementsOf(lines);
                assertThat(child.said().split("\\|")).as("%s, launched", row.row()).containsExactlyElementsOf(lines);
            }
            assertThat(child.at("launched")).isEqualTo(child.start());
        }
    }

    private static String wish(OciExpectation expectation) {
        OciRow row = expectation.row();
        OutsideStatus asked = row.asked();
        return LaunchWishes.wish(row.user(), asked.bounding(), asked.inheritable(), asked.ambient(), "-", row.noNewPrivs(),
                PROGRAMS.status());
    }
}
