package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OciNamesTest {

    @ParameterizedTest
    @EnumSource(Capability.class)
    void eachNameIsThatOfTheManualPageBothWays(Capability capability) {
        assertThat(OciNames.of(CapabilitySet.of(capability))).containsExactly(capability.toString());
        assertThat(OciNames.parse(List.of(capability.toString()))).isEqualTo(CapabilitySet.of(capability));
    }

    @Test
    void aSetIsItsNamesByNumberAndNamesAreASetInAnyOrder() {
        assertThat(OciNames.of(CapabilitySet.parse("kill,chown,bpf"))).containsExactly("CAP_CHOWN", "CAP_KILL", "CAP_BPF");
        assertThat(OciNames.parse(List.of("CAP_BPF", "CAP_CHOWN", "CAP_BPF", "CAP_KILL")))
                .isEqualTo(CapabilitySet.parse("kill,chown,bpf"));
        assertThat(OciNames.of(CapabilitySet.NONE)).isEmpty();
        assertThat(OciNames.parse(List.of())).isEqualTo(CapabilitySet.NONE);
        assertThat(OciNames.parse(OciNames.of(CapabilitySet.ALL))).isEqualTo(CapabilitySet.ALL);
    }

    @Test
    void refusesACapabilityWithoutAName() {
        assertThatIllegalArgumentException().isThrownBy(() -> OciNames.of(CapabilitySet.ofNumber(50)))
                .withMessage("the runtime specification has no name for capability 50");
    }

    @Test
    void aNullIsNoName() {
        assertThatIllegalArgumentException().isThrownBy(() -> OciNames.parse(Arrays.asList("CAP_KILL", null)));
    }

    @ParameterizedTest
    @CsvSource({"cap_chown, CAP_CHOWN", "CHOWN, CAP_CHOWN", "CAP_CHOWM, CAP_CHOWN", "0, CAP_BPF", "' CAP_KILL', CAP_KILL"})
    void anyOtherSpellingIsRefused(String name, String nearest) {
        assertThatIllegalArgumentException().isThrownBy(() -> OciNames.parse(List.of("CAP_KILL", name)))
                .withMessage("no capability is named \"" + name + "\" in the runtime specification; the nearest is " + nearest);
    }
}
