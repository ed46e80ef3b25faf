package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CapabilitySetsTest {

    private static final CapabilitySet KILL = CapabilitySet.of(Capability.CAP_KILL);

    /** A different set in each place: capability n in the set that stands at n. */
    private static final CapabilitySets FIVE = new CapabilitySets(place(SetKind.BOUNDING), place(SetKind.PERMITTED),
            place(SetKind.EFFECTIVE), place(SetKind.INHERITABLE), place(SetKind.AMBIENT));

    private static CapabilitySet place(SetKind kind) {
        return CapabilitySet.ofNumber(kind.ordinal());
    }

    @ParameterizedTest
    @EnumSource
    void eachKindIsItsOwnSet(SetKind kind) {
        assertThat(FIVE.get(kind)).isEqualTo(place(kind));
    }

    @ParameterizedTest
    @EnumSource
    void withReplacesOneAndLeavesTheOthers(SetKind replaced) {
        CapabilitySets changed = FIVE.with(replaced, KILL);

        assertThat(Arrays.stream(SetKind.values()))
                .allSatisfy(kind -> assertThat(changed.get(kind)).isEqualTo(kind == replaced ? KILL : place(kind)));
    }

    @ParameterizedTest
    @EnumSource
    void emptyMeansAllFive(SetKind kind) {
        assertThat(CapabilitySets.NONE.isEmpty()).isTrue();
        assertThat(CapabilitySets.NONE.with(kind, CapabilitySet.ofNumber(63)).isEmpty()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void refusesAMissingSet(SetKind kind) {
        assertThatNullPointerException().isThrownBy(() -> FIVE.with(kind, null)).withMessage(kind.toString());
    }

    @Test
    void refusesAMissingKind() {
        assertThatNullPointerException().isThrownBy(() -> FIVE.get(null));
        assertThatNullPointerException().isThrownBy(() -> FIVE.with(null, KILL));
    }

    @Test
    void setsThatTheKernelWouldNotAcceptCanBeWritten() {
        CapabilitySets ambientAlone = CapabilitySets.NONE.with(SetKind.AMBIENT, KILL);

        assertThat(ambientAlone.ambient()).isEqualTo(KILL);
        assertThat(ambientAlone.permitted()).isEqualTo(CapabilitySet.NONE);
    }

    @Test
    void printsTheFiveInOneLine() {
        assertThat(FIVE.with(SetKind.PERMITTED, CapabilitySet.ALL).with(SetKind.AMBIENT, CapabilitySet.NONE))
                .hasToString("bounding=cap_chown permitted=all effective=cap_dac_read_search inheritable=cap_fowner"
                        + " ambient=none");
    }
}
