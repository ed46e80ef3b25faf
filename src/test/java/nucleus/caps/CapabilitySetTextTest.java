package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed, what is read, and that the two agree. */
class CapabilitySetTextTest {

    private static final String CHOWN = "0000000000000001";
    private static final int LONG = 1_000_000;

    @Test
    void readsBackEachText() {
        assertThat(LongStream.concat(Masks.corners(), Masks.random(10_000))).allSatisfy(bits -> {
            CapabilitySet set = new CapabilitySet(bits);
            String text = set.toString();

            assertThat(CapabilitySet.parse(text)).isEqualTo(set);
            assertThat(CapabilitySet.parse(text.toUpperCase(Locale.ROOT))).isEqualTo(set);
            assertThat(CapabilitySet.parse("\t" + text.replace(",", " ,\n") + " ")).isEqualTo(set);
        });
    }

    @Test
    void readsBackEachMask() {
        assertThat(LongStream.concat(Masks.corners(), Masks.random(10_000))).allSatisfy(bits -> {
            CapabilitySet set = new CapabilitySet(bits);

            assertThat(set.mask()).hasSize(16);
            assertThat(new BigInteger(set.mask(), 16).longValue()).isEqualTo(bits);
            assertThat(CapabilitySet.ofMask(set.mask())).isEqualTo(set);
            assertThat(CapabilitySet.ofMask("0x" + Long.toHexString(bits))).isEqualTo(set);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0000000000000000 | none",
        "0000000000000001 | cap_chown",
        "0000000000000021 | cap_chown,cap_kill",
        "000001ffffffffff | all",
        "000001fffeffffff | all-cap_sys_resource",
        "000001fffeffffde | all-cap_chown,cap_kill,cap_sys_resource",
        "8000000000000021 | cap_chown,cap_kill,63",
        "0000020000000000 | 41",
        "fffffe0000000000 | 41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63",
        "000003ffffffffff | all,41",
        "800001ffffffffff | all,63",
    })
    void printsTheShortForm(String mask, String text) {
        assertThat(CapabilitySet.ofMask(mask)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                      | 0000000000000000",
        "'  '                    | 0000000000000000",
        "NONE                    | 0000000000000000",
        "chown                   | " + CHOWN,
        "0                       | " + CHOWN,
        "0x0                     | " + CHOWN,
        "0X29,cap_40             | 0000030000000000",
        "Cap_Chown               | " + CHOWN,
        "chown chown,0,CAP_CHOWN | " + CHOWN,
        "cap_chown, cap_kill     | 0000000000000021",
        "63                      | 8000000000000000",
        "41 , 5                  | 0000020000000020",
        "ALL                     | 000001ffffffffff",
        "kill,all                | 000001ffffffffff",
        "all 63                  | 800001ffffffffff",
        "All-Sys_Resource        | 000001fffeffffff",
        "all-24,5 chown          | 000001fffeffffde",
        "all-63                  | 000001ffffffffff",
        "all-all                 | 0000000000000000",
    })
    void readsNamesNumbersAllAndNone(String text, String mask) {
        assertThat(CapabilitySet.parse(text).mask()).isEqualTo(mask);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "cap_chwon          | no capability is named \"cap_chwon\"; the nearest is cap_chown",
        "chown,bfp          | no capability is named \"bfp\"; the nearest is cap_bpf",
        "all-sys_resources  | no capability is named \"sys_resources\"; the nearest is cap_sys_resource",
        "64                 | a capability's number is within 0 to 63, not \"64\"",
        "chown,999          | a capability's number is within 0 to 63, not \"999\"",
    })
    void aWrongNameIsAnsweredWithWhatIsWrong(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.parse(text)).withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all-", "all--chown", "all -chown", "all- chown", "-chown", "-1", "+5", "1234", "000",
        "none,chown", "chown,none", "all-none", "chown;kill", "chown|kill", "chown\0", "\0", "=ep",
        "cap_chown=p", "\u0661", "\uff11", "chown\u2003kill", "chown\ufeff"})
    void whatIsNoListIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.parse(text));
    }

    /** A comma that stands for nothing was left by a variable that was empty: read the same wherever it stands. */
    @Test
    void anEmptyNameMeansTheSameWhereverItStands() {
        assertThat(new String[] {"chown,,kill", ",chown,kill", "chown,kill,", "chown, ,kill"})
                .extracting(CapabilitySetTextTest::outcome).containsOnly(outcome("chown,,kill"));
        assertThat(outcome("all-,")).isEqualTo(outcome("all-"));
    }

    private static String outcome(String text) {
        try {
            return CapabilitySet.parse(text).toString();
        } catch (IllegalArgumentException e) {
            return "refused";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0x", "0X", "g", "-1", "+1", " 1", "1 ", "1\n", "0x0x1", "00000000000000001",
        "0x10000000000000000", "1_0", "\uff11", "1\0", "\0"})
    void whatIsNoMaskIsRefused(String mask) {
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.ofMask(mask))
                .withMessage("not a mask of up to 16 hexadecimal digits: \""
                        + mask.replaceAll("[\\x00-\\x1f]", "?") + "\"");
    }

    @Test
    void textOfAnyLengthIsAnsweredQuickly() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(CapabilitySet.parse("chown,".repeat(LONG) + "0")).isEqualTo(CapabilitySet.ofMask(CHOWN));
            assertThat(CapabilitySet.parse("chown" + " ".repeat(LONG) + "0").mask()).isEqualTo(CHOWN);
            assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.parse("x".repeat(LONG)));
            assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.parse("9".repeat(LONG)));
            assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.ofMask("f".repeat(LONG)));
        });
    }

    @Test
    @DefaultLocale("ar-EG-u-nu-arab")
    void textDoesNotDependOnTheLocale() {
        CapabilitySet set = CapabilitySet.parse("all-sys_admin").union(CapabilitySet.ofNumber(63));

        assertThat(set.mask()).isEqualTo("800001ffffdfffff");
        assertThat(CapabilitySet.parse(set.toString())).isEqualTo(set);
    }
}
