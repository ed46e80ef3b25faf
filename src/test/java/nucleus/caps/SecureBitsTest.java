package nucleus.caps;

import static nucleus.caps.internal.ffi.linux_caps_h.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecureBitsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0           | none",
        "0x1         | noroot",
        "0x2         | noroot_locked",
        "0x4         | no_setuid_fixup",
        "0x8         | no_setuid_fixup_locked",
        "0x10        | keep_caps",
        "0x20        | keep_caps_locked",
        "0x40        | no_cap_ambient_raise",
        "0x80        | no_cap_ambient_raise_locked",
        "0x100       | exec_restrict_file",
        "0x200       | exec_restrict_file_locked",
        "0x400       | exec_deny_interactive",
        "0x800       | exec_deny_interactive_locked",
        "0x1000      | 0x1000",
        "-0x80000000 | 0x80000000",
        "0x2f        | noroot,noroot_locked,no_setuid_fixup,no_setuid_fixup_locked,keep_caps_locked",
        "0x10001010  | keep_caps,0x1000,0x10000000",
    })
    void printsEachBitByItsName(String bits, String text) {
        assertThat(new SecureBits(Integer.decode(bits))).hasToString(text);
    }

    @Test
    void printsEachBitDifferently() {
        Set<String> names = new HashSet<>();
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            names.add(new SecureBits(1 << bit).toString());
        }
        assertThat(names).hasSize(Integer.SIZE);
        assertThat(new SecureBits(-1).toString().split(",")).containsExactlyInAnyOrderElementsOf(names);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                                        | 0",
        "none                                      | 0",
        "' NoRoot '                                | 0x1",
        "noroot,noroot_locked                      | 0x3",
        "NO_SETUID_FIXUP   keep_caps_LOCKED        | 0x24",
        "exec_restrict_file , exec_deny_interactive_locked | 0x900",
        "0xef                                      | 0xef",
        "47                                        | 0x2f",
        "0xFFFFFFFF                                | -1",
        "4294967295                                | -1",
        "noroot,0x1000                             | 0x1001",
    })
    void readsNamesAndNumbers(String text, String bits) {
        assertThat(SecureBits.parse(text)).isEqualTo(new SecureBits(Integer.decode(bits)));
    }

    @Test
    void readsWhatItPrints() {
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            for (int other = bit; other < Integer.SIZE; other++) {
                SecureBits bits = new SecureBits(1 << bit | 1 << other);
                assertThat(SecureBits.parse(bits.toString())).isEqualTo(bits);
                assertThat(SecureBits.parse(bits.mask())).isEqualTo(bits);
            }
        }
        assertThat(SecureBits.parse(new SecureBits(-1).toString())).isEqualTo(new SecureBits(-1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "noroot,,keep_caps | a name is missing in the list \"noroot,,keep_caps\"",
        "noroot,           | a name is missing in the list \"noroot,\"",
        "root              | no securebit is named \"root\"; there are noroot, no_setuid_fixup, keep_caps, no_cap_ambient_raise"
                + ", exec_restrict_file, exec_deny_interactive, and each with _locked",
        "\u212aeep_caps    | no securebit is named \"\u212aeep_caps\"; there are noroot, no_setuid_fixup, keep_caps,"
                + " no_cap_ambient_raise, exec_restrict_file, exec_deny_interactive, and each with _locked",
        "0x100000000       | a number of securebits is within 0 to 4294967295, not \"0x100000000\"",
        "4294967296        | a number of securebits is within 0 to 4294967295, not \"4294967296\"",
        "0x                | a number of securebits is within 0 to 4294967295, not \"0x\"",
        "0xg               | a number of securebits is within 0 to 4294967295, not \"0xg\"",
        "1e                | a number of securebits is within 0 to 4294967295, not \"1e\"",
        "047               | a number of securebits has no leading zero, because some programs read \"047\" as octal;"
                + " write 47, or 39 if it is octal",
    })
    void refusesWhatIsNeither(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> SecureBits.parse(text)).withMessage(message);
    }

    @Test
    void aBitIsSetClearedAndLockedByItself() {
        for (SecureBit bit : SecureBit.values()) {
            SecureBits set = SecureBits.of(bit);
            assertThat(set.bits()).isEqualTo(1 << bit.number());
            assertThat(set.contains(bit)).isTrue();
            assertThat(set.locks(bit)).isFalse();
            assertThat(set).hasToString(bit.text());
            SecureBits locked = set.locking(bit);
            assertThat(locked.bits()).isEqualTo(3 << bit.number());
            assertThat(locked.locks(bit)).isTrue();
            assertThat(locked.without(bit)).isEqualTo(SecureBits.NONE.locking(bit));
            assertThat(SecureBits.NONE.with(bit)).isEqualTo(set);
            assertThat(new SecureBits(-1).without(bit).bits()).isEqualTo(~(1 << bit.number()));
        }
    }

    @Test
    void theNumbersAreThoseOfTheHeader() {
        assertThat(List.of(SecureBits.of(SecureBit.NOROOT).bits(), SecureBits.of(SecureBit.NO_SETUID_FIXUP).bits(),
                SecureBits.of(SecureBit.KEEP_CAPS).bits(), SecureBits.of(SecureBit.NO_CAP_AMBIENT_RAISE).bits()))
                .containsExactly(SECBIT_NOROOT(), SECBIT_NO_SETUID_FIXUP(), SECBIT_KEEP_CAPS(),
                        SECBIT_NO_CAP_AMBIENT_RAISE());
        assertThat(SecureBits.LOCKED_DOWN.bits()).isEqualTo(0xef).isEqualTo(SECBIT_NOROOT() | SECBIT_NOROOT_LOCKED()
                | SECBIT_NO_SETUID_FIXUP() | SECBIT_NO_SETUID_FIXUP_LOCKED() | SECBIT_KEEP_CAPS_LOCKED()
                | SECBIT_NO_CAP_AMBIENT_RAISE() | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED());
    }

    @Test
    void bitsWithoutANameHereAreKept() {
        assertThat(new SecureBits(-1).bits()).isEqualTo(-1);
        assertThat(new SecureBits(1 << 30)).isNotEqualTo(new SecureBits(0));
    }
}
