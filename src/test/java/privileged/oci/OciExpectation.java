package privileged.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import privileged.harness.OutsideStatus;
import privileged.harness.Thrown;
import privileged.oci.OciRuntime.Given;
import privileged.oci.OciRuntime.Outcome;
import privileged.oci.OciRuntime.Refused;

/** What a row says is to come of it. */
record OciExpectation(OciRow row, OciRuntime runtime) {

    private static final String GROUPS = "groups ";

    /** Whether the library and the runtime are to give exactly what is asked for. */
    boolean bothGive() {
        return row.gives() && expected().equals(OciRow.GIVES);
    }

    private String expected() {
        return runtime.expected(row);
    }

    void check(OciApplies.Ours ours, Outcome theirs) {
        ofOurs(ours.refused(), ours.applied());
        ofTheirs(theirs);
        ofBoth(ours, theirs);
    }

    private void ofOurs(Optional<Thrown> refused, OutsideStatus applied) {
        assertThat(refused.map(thrown -> thrown.type() + ": " + thrown.message()).orElse(OciRow.GIVES))
                .as("%s", row).startsWith(row.ours());
        assertThat(refused.map(Thrown::changed)).as("%s, changed", row).isNotEqualTo(Optional.of(true));
        assertThat(applied).as("%s, every thread", row).isEqualTo(row.gives() ? row.asked() : row.settled());
    }

    private void ofTheirs(Outcome theirs) {
        if (theirs instanceof Given(OutsideStatus before, List<String> lines)) {
            assertThat(before).as("%s, before the program is executed: %s", row, lines).isEqualTo(given());
        } else if (theirs instanceof Refused(String message)) {
            assertThat(message).as("%s", row).contains(expected());
        }
    }

    /** Fails where the runtime is to refuse. */
    private OutsideStatus given() {
        if (expected().startsWith(GROUPS)) {
            return row.asked().withGroups(Arrays.stream(expected().substring(GROUPS.length()).split(":"))
                    .map(Long::valueOf).toArray(Long[]::new));
        }
        return switch (expected()) {
            case OciRow.GIVES -> row.asked();
            case OciRow.IGNORES -> row.settled();
            default -> throw new AssertionError(row + ": " + runtime + " gives, and is to say: " + expected());
        };
    }

    /** Where both give the same in the end, the program is to print the same; where they do not, they differ before. */
    private void ofBoth(OciApplies.Ours ours, Outcome theirs) {
        if (bothGive() || !row.gives() && expected().equals(OciRow.IGNORES)) {
            assertThat(ours.lines()).as("%s, the program", row).isEqualTo(((Given) theirs).lines());
        } else if (theirs instanceof Given given) {
            assertThat(given.before()).as("%s, a difference", row).isNotEqualTo(ours.applied());
        }
    }
}
