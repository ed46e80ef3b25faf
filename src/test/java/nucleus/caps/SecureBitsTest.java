package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
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
        "0x1000      | bit 12",
        "-0x80000000 | bit 31",
        "0x2f        | noroot,noroot_locked,no_setuid_fixup,no_setuid_fixup_locked,keep_caps_locked",
        "0x10001010  | keep_caps,bit 12,bit 28",
    })
    void printsEachBitByItsName(String bits, String text) {
        assertThat(new SecureBits(Integer.decode(bits))).hasToString(text);
    }

    @Test
    void noTwoBitsPrintTheSame() {
        Set<String> names = new HashSet<>();
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            names.add(new SecureBits(1 << bit).toString());
        }
        assertThat(names).hasSize(Integer.SIZE);
        assertThat(new SecureBits(-1).toString().split(",")).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void bitsWithoutANameHereAreKept() {
        assertThat(new SecureBits(-1).bits()).isEqualTo(-1);
        assertThat(new SecureBits(1 << 30)).isNotEqualTo(new SecureBits(0));
    }
}
