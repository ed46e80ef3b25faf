package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code process.capabilities} of an OCI bundle, both ways. */
class OciTest {

    private static CapabilitySets same(CapabilitySet set) {
        return new CapabilitySets(set, set, set, set, set);
    }

    @Test
    void eachSetIsAListOfNamesInCapitals() {
        CapabilitySets sets = new CapabilitySets(CapabilitySet.parse("all"), CapabilitySet.parse("kill,chown"),
                CapabilitySet.parse("chown"), CapabilitySet.NONE, CapabilitySet.parse("bpf,41"));

        assertThat(sets.toOci()).containsOnlyKeys("bounding", "effective", "inheritable", "permitted", "ambient")
                .containsEntry("effective", List.of("CAP_CHOWN"))
                .containsEntry("permitted", List.of("CAP_CHOWN", "CAP_KILL"))
                .containsEntry("inheritable", List.of())
                .containsEntry("ambient", List.of("CAP_BPF", "41"));
        assertThat(sets.toOci().get("bounding")).hasSize(41).startsWith("CAP_CHOWN").endsWith("CAP_CHECKPOINT_RESTORE");
    }

    @Test
    void whateverIsWrittenIsReadBack() {
        assertThat(LongStream.concat(Masks.corners(), Masks.random(2_000))).allSatisfy(bits -> {
            CapabilitySets sets = new CapabilitySets(new CapabilitySet(bits), new CapabilitySet(~bits),
                    new CapabilitySet(Long.reverse(bits)), new CapabilitySet(bits >>> 7), new CapabilitySet(bits << 9));

            assertThat(CapabilitySets.ofOci(sets.toOci())).isEqualTo(sets);
        });
    }

    @Test
    void whatIsMissingIsEmpty() {
        assertThat(CapabilitySets.ofOci(Map.of())).isEqualTo(CapabilitySets.NONE);
        assertThat(CapabilitySets.ofOci(Collections.singletonMap("ambient", null))).isEqualTo(CapabilitySets.NONE);
        assertThat(CapabilitySets.ofOci(Map.of("effective", List.of("CAP_KILL"))).effective())
                .isEqualTo(CapabilitySet.of(Capability.CAP_KILL));
    }

    @Test
    void aNameMayStandTwiceAndInAnyCase() {
        assertThat(CapabilitySets.ofOci(Map.of("bounding", List.of("CAP_KILL", "cap_kill", "kill", "5"))).bounding())
                .isEqualTo(CapabilitySet.of(Capability.CAP_KILL));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "effective | CAP_KIL | effective: no capability is named \"CAP_KIL\"; the nearest is cap_kill",
        "ambient | 64 | ambient: a capability's number is within 0 to 63, not 64",
        "ambient | all | ambient: no capability is named \"all\"; the nearest is cap_kill",
        "Effective | CAP_KILL | no set of capabilities is named \"Effective\"",
        "'' | CAP_KILL | no set of capabilities is named \"\"",
    })
    void whatIsNoneIsNamed(String member, String name, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySets.ofOci(Map.of(member, List.of(name))))
                .withMessage(message);
    }

    @Test
    void aNullIsNoName() {
        assertThatIllegalArgumentException().isThrownBy(() ->
                CapabilitySets.ofOci(Map.of("ambient", Arrays.asList("CAP_KILL", null))));
        assertThatIllegalArgumentException().isThrownBy(() ->
                CapabilitySets.ofOci(Collections.singletonMap(null, List.of())));
    }

    @Test
    void whatIsGivenCannotBeChanged() {
        Map<String, List<String>> oci = same(CapabilitySet.NONE).toOci();

        assertThat(oci).isUnmodifiable();
        assertThat(oci.get("ambient")).isUnmodifiable();
    }
}
