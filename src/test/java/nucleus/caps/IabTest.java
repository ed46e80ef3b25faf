package nucleus.caps;

import static nucleus.caps.Capability.CAP_CHOWN;
import static nucleus.caps.Capability.CAP_KILL;
import static nucleus.caps.Capability.CAP_SYS_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What libcap does not say: IabAgainstLibcapTest has the rest. */
class IabTest {

    private static final CapabilitySet CHOWN = CapabilitySet.of(CAP_CHOWN);
    private static final CapabilitySet KILL = CapabilitySet.of(CAP_KILL);
    private static final CapabilitySet ADMIN = CapabilitySet.of(CAP_SYS_ADMIN);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "!cap_sys_admin,^cap_chown,%cap_kill | ^cap_chown,cap_kill,!cap_sys_admin",
        "%!cap_kill,cap_kill                 | !%cap_kill",
        "!cap_kill,^CAP_KILL                 | !^cap_kill",
        "5,0x5,0X05                          | cap_kill",
        "63,!41                              | !41,63",
        "cap_kill,!                          | cap_kill",
        "!                                   | ``",
    })
    void readsPrefixesInAnyOrderAndWritesThemInOne(String text, String canonical) {
        Iab iab = Iab.parse(text);
        assertThat(iab).hasToString(canonical);
        assertThat(Iab.parse(canonical)).isEqualTo(iab);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "cap_kill cap_chown | at 8 of \"cap_kill cap_chown\": expected a comma, not \" \"",
        "cap_kill,chown     | at 9 of \"cap_kill,chown\": no capability is named \"chown\"; names begin with cap_",
        "all                | at 0 of \"all\": no capability is named \"all\"; names begin with cap_",
        "!,cap_kill         | at 1 of \"!,cap_kill\": expected a capability",
        "cap_kill,,cap_bpf  | at 9 of \"cap_kill,,cap_bpf\": expected a capability",
        "!0x40              | at 1 of \"!0x40\": a capability's number is within 0 to 63, not \"0x40\"",
        "08                 | at 0 of \"08\": a capability's number has no leading zero, because some programs read \"08\" as octal; write 8",
        "!cap_41            | at 1 of \"!cap_41\": a capability without a name is written as its number, without cap_",
        "0b1                | at 1 of \"0b1\": expected a comma, not \"b\"",
        "99999999999999999999 | at 0 of \"99999999999999999999\": a capability's number is within 0 to 63, not \"99999999999999999999\"",
    })
    void refusesTheRestWithThePositionAndTheReason(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Iab.parse(text)).withMessage("invalid IAB text, " + message);
    }

    @Test
    void ambientImpliesInheritable() {
        assertThat(new Iab(CHOWN, KILL, ADMIN)).isEqualTo(new Iab(CHOWN.union(KILL), KILL, ADMIN));
        assertThatNullPointerException().isThrownBy(() -> new Iab(null, KILL, ADMIN));
        assertThatNullPointerException().isThrownBy(() -> new Iab(CHOWN, null, ADMIN));
        assertThatNullPointerException().isThrownBy(() -> new Iab(CHOWN, KILL, null));
        assertThatNullPointerException().isThrownBy(() -> Iab.parse(null));
    }

    @Test
    void fromFiveSetsAndAppliedToThem() {
        CapabilitySets sets = new CapabilitySets(ADMIN.union(CHOWN), CHOWN, CHOWN, CHOWN.union(KILL), CHOWN);
        Iab iab = Iab.of(sets, ADMIN.union(CHOWN).union(KILL));
        assertThat(iab).isEqualTo(new Iab(CHOWN.union(KILL), CHOWN, KILL));
        assertThat(iab.appliedTo(sets)).isEqualTo(sets);
        assertThat(new Iab(KILL, CapabilitySet.NONE, ADMIN).appliedTo(sets)).isEqualTo(
                new CapabilitySets(CHOWN, CHOWN, CHOWN, KILL, CapabilitySet.NONE));
        assertThat(Iab.NONE.appliedTo(sets).bounding()).isEqualTo(sets.bounding());
    }
}
