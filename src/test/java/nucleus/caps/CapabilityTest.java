package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilityTest {

    private static final String LONG = "cap_chown".repeat(1_000_000);

    @Test
    void thereAreFortyOneFromChownToCheckpointRestore() {
        assertThat(Capability.values()).hasSize(41)
                .startsWith(Capability.CAP_CHOWN).endsWith(Capability.CAP_CHECKPOINT_RESTORE);
    }

    @ParameterizedTest
    @EnumSource
    void theNumberIsThePositionAndLeadsBack(Capability capability) {
        assertThat(capability.number()).isEqualTo(capability.ordinal());
        assertThat(Capability.of(capability.number())).contains(capability);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 41, 63, 64, Integer.MAX_VALUE})
    void aNumberWithoutANameHereIsEmpty(int number) {
        assertThat(Capability.of(number)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everySpellingOfTheNameLeadsBack(Capability capability) {
        String name = capability.name();
        String text = capability.text();

        assertThat(text).isEqualTo(name.toLowerCase(Locale.ROOT)).startsWith("cap_");
        assertThat(Capability.of(name)).isSameAs(capability);
        assertThat(Capability.of(text)).isSameAs(capability);
        assertThat(Capability.of(name.substring(4))).isSameAs(capability);
        assertThat(Capability.of(text.substring(4))).isSameAs(capability);
        assertThat(Capability.of("Cap_" + text.substring(4))).isSameAs(capability);
    }

    @ParameterizedTest
    @EnumSource
    @DefaultLocale("tr-TR")
    void namesDoNotDependOnTheLocale(Capability capability) {
        assertThat(Capability.of(capability.text())).isSameAs(capability);
        assertThat(capability.text()).matches("cap_[a-z_]+");
    }

    @ParameterizedTest
    @EnumSource
    void eachSaysSinceWhenItIsAndWhatItAllows(Capability capability) {
        assertThat(capability.since()).matches("[2-6]\\.[0-9]+(\\.[0-9]+)?");
        assertThat(capability.allows()).isNotBlank().hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "cap_chwon,            cap_chown",
        "CHOWM,                cap_chown",
        "cap_net_bind_servise, cap_net_bind_service",
        "sysadmin,             cap_sys_admin",
        "CAP_SYS-ADMIN,        cap_sys_admin",
        "sys_adm1n,            cap_sys_admin",
        "cap_set_uid,          cap_setuid",
        "ptrace,               cap_sys_ptrace",
        "cap_cap_bpf,          cap_bpf",
        "net_bind,             cap_net_bind_service",
        "checkpoint,           cap_checkpoint_restore",
    })
    void anUnknownNameIsAnsweredWithTheNearest(String wrong, String nearest) {
        assertThatIllegalArgumentException().isThrownBy(() -> Capability.of(wrong))
                .withMessage("no capability is named \"" + wrong + "\"; the nearest is " + nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "cap_", "_", "cap_chown\0", "\0", "cap chown", "cap_chown,cap_kill",
        "cap_ch\u00f6wn", "\u202ecap_chown", "\uff23\uff21\uff30_\uff23\uff28\uff2f\uff37\uff2e", "\ud800", "%s%n"})
    void whatIsNoNameIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Capability.of(name))
                .withMessageStartingWith("no capability is named \"" + name.replaceAll("[\\x00\u202e\ud800]", "?")
                        + "\"; the nearest is cap_");
    }

    @Test
    void aLongNameIsAnsweredWithItsStart() {
        assertThatIllegalArgumentException().isThrownBy(() -> Capability.of("x".repeat(1 << 20)))
                .withMessageStartingWith("no capability is named \"" + "x".repeat(64) + "…\"; the nearest is cap_");
    }

    /** Upper case makes I of a dotless i, and S of a long s: no name is written with either. */
    @ParameterizedTest
    @ValueSource(strings = {"cap_k\u0131ll", "cap_\u017fetuid", "cap_\u017fys_adm\u0131n"})
    void aLetterOfAnotherAlphabetIsNotTakenForALatinOne(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Capability.of(name));
    }

    @Test
    void aNameOfAnyLengthIsRefusedQuickly() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5),
                () -> assertThatIllegalArgumentException().isThrownBy(() -> Capability.of(LONG))
                        .withMessageContaining("the nearest is cap_"));
    }
}
