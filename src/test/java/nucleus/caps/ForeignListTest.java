package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists as other programs write them: what has one meaning is read, and for the rest the message says what to write. */
class ForeignListTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "~CAP_SYS_ADMIN CAP_NET_RAW | all-sys_admin,net_raw",
        "~ cap_kill                 | all-kill",
        "~all                       | none",
        "0x29                       | 41",
        "cap_41                     | 41",
        "CAP_63,cap_5               | 5,63",
        "-all,+net_raw              | net_raw",
        "-all                       | none",
        "+all                       | all",
        "+ALL,-net_raw,-cap_63      | all-net_raw",
        "-all,+net_raw,+0x29,-13    | 41",
        "-all +kill,-all,+chown     | chown",
        "-all,-kill,+all            | all",
    })
    void hasOneMeaning(String foreign, String own) {
        assertThat(CapabilitySet.parse(foreign)).isEqualTo(CapabilitySet.parse(own));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "~                  | a name is missing in the list \"~\"",
        "~,kill             | a name is missing in the list \"~,kill\"",
        "kill,~chown        | no capability is named \"~chown\"; ~ stands only once, before the whole list",
        "~~chown            | no capability is named \"~chown\"; ~ stands only once, before the whole list",
        "+net_raw           | no capability is named \"+net_raw\"; + and - are taken only in a list that begins with -all or"
                + " +all, as in -all,+net_raw; write the names to keep, or all- and the names to leave out",
        "-kill,+all         | no capability is named \"-kill\"; + and - are taken only in a list that begins with -all or"
                + " +all, as in -all,+net_raw; write the names to keep, or all- and the names to leave out",
        "-1                 | no capability is named \"-1\"; + and - are taken only in a list that begins with -all or"
                + " +all, as in -all,+net_raw; write the names to keep, or all- and the names to leave out",
        "-all,net_raw       | a list that begins with -all needs + or - before every member, not \"net_raw\"",
        "+all,-net_raw,none | a list that begins with +all needs + or - before every member, not \"none\"",
        "-all,+none         | no capability is named \"none\"; none stands alone",
        "-all,+             | a name is missing in the list \"-all,+\"",
        "-all,,+kill        | a name is missing in the list \"-all,,+kill\"",
        "-all,+~kill        | no capability is named \"~kill\"; ~ stands only once, before the whole list",
        "!cap_kill          | no capability is named \"!cap_kill\"; !, ^ and % are of cap_iab(3); write the name alone",
        "^cap_kill          | no capability is named \"^cap_kill\"; !, ^ and % are of cap_iab(3); write the name alone",
        "cap_kill=ep        | no capability is named \"cap_kill=ep\"; =, + and - with flags are of cap_from_text(3);"
                + " write the name alone",
        "cap_kill+ep        | no capability is named \"cap_kill+ep\"; =, + and - with flags are of cap_from_text(3);"
                + " write the name alone",
        "CAP_ALL            | no capability is named \"CAP_ALL\"; write all",
        "0xa80425fb         | no capability is named \"0xa80425fb\"; if it is a mask, write the names that \"caps decode\""
                + " prints for it",
        "00000000a80425fb   | no capability is named \"00000000a80425fb\"; if it is a mask, write the names that"
                + " \"caps decode\" prints for it",
        "0000000000000020   | no capability is named \"0000000000000020\"; if it is a mask, write the names that"
                + " \"caps decode\" prints for it",
        "f000000000000020   | no capability is named \"f000000000000020\"; if it is a mask, write the names that"
                + " \"caps decode\" prints for it",
        "cap_64             | a capability's number is within 0 to 63, not \"64\"",
        "cap_0x29           | no capability is named \"cap_0x29\"; the nearest is cap_kill",
        "0x40               | a capability's number is within 0 to 63, not \"0x40\"",
    })
    void saysWhatToWriteInstead(String foreign, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.parse(foreign)).withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"10", "41", "cap_41", "0x29"})
    void aNumberIsNoName(String number) {
        assertThatIllegalArgumentException().isThrownBy(() -> Capability.of(number))
                .withMessage("no capability is named \"" + number + "\"; write a name, not a number");
    }
}
