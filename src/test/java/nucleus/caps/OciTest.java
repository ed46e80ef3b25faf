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
import org.junit.jupiter.params.provider.EnumSource;

/** {@code process.capabilities} of an OCI bundle, both ways. */
class OciTest {

    private static CapabilitySets same(CapabilitySet set) {
        return new CapabilitySets(set, set, set, set, set);
    }

    @Test
    void eachSetIsAListOfNamesInCapitals() {
        CapabilitySets sets = new CapabilitySets(CapabilitySet.parse("all"), CapabilitySet.parse("kill,chown"),
                CapabilitySet.parse("chown"), CapabilitySet.NONE, CapabilitySet.parse("bpf"));

        assertThat(sets.toOci()).containsOnlyKeys("bounding", "effective", "inheritable", "permitted", "ambient")
                .containsEntry("effective", List.of("CAP_CHOWN"))
                .containsEntry("permitted", List.of("CAP_CHOWN", "CAP_KILL"))
                .containsEntry("inheritable", List.of())
                .containsEntry("ambient", List.of("CAP_BPF"));
        assertThat(sets.toOci().get("bounding")).hasSize(41).startsWith("CAP_CHOWN").endsWith("CAP_CHECKPOINT_RESTORE");
    }

    private static CapabilitySet named(long bits) {
        return new CapabilitySet(bits).intersect(CapabilitySet.ALL);
    }

    @Test
    void readsBackEachWrittenSet() {
        assertThat(LongStream.concat(Masks.corners(), Masks.random(2_000))).allSatisfy(bits -> {
            CapabilitySets sets = new CapabilitySets(named(bits), named(~bits), named(Long.reverse(bits)), named(bits >>> 7),
                    named(bits << 9));

            assertThat(CapabilitySets.ofOci(sets.toOci())).isEqualTo(sets);
        });
    }

    @Test
    void readsAMissingListAsEmpty() {
        assertThat(CapabilitySets.ofOci(Map.of())).isEqualTo(CapabilitySets.NONE);
        assertThat(CapabilitySets.ofOci(Map.of("effective", List.of("CAP_KILL"))).effective())
                .isEqualTo(CapabilitySet.of(Capability.CAP_KILL));
    }

    @Test
    void aNameMayStandTwice() {
        assertThat(CapabilitySets.ofOci(Map.of("bounding", List.of("CAP_KILL", "CAP_KILL"))).bounding())
                .isEqualTo(CapabilitySet.of(Capability.CAP_KILL));
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnUnnamedCapabilityInEachSet(SetKind kind) {
        CapabilitySets sets = CapabilitySets.NONE.with(kind, CapabilitySet.parse("bpf,41,63"));

        assertThatIllegalArgumentException().isThrownBy(sets::toOci)
                .withMessage(kind + ": the runtime specification has no name for capability 41,63");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "effective | CAP_KIL | effective: no capability is named \"CAP_KIL\" in the runtime specification; the nearest is"
                + " CAP_KILL",
        "bounding | cap_kill | bounding: no capability is named \"cap_kill\" in the runtime specification; the nearest is"
                + " CAP_KILL",
        "inheritable | KILL | inheritable: no capability is named \"KILL\" in the runtime specification; the nearest is CAP_KILL",
        "ambient | 5 | ambient: no capability is named \"5\" in the runtime specification; the nearest is CAP_BPF",
        "permitted | all | permitted: no capability is named \"all\" in the runtime specification; the nearest is CAP_KILL",
        "Effective | CAP_KILL | no capability set is named \"Effective\"",
        "'' | CAP_KILL | no capability set is named \"\"",
    })
    void whatIsNoneIsNamed(String member, String name, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySets.ofOci(Map.of(member, List.of(name))))
                .withMessage(message);
    }

    @Test
    void returnsUnmodifiableMapAndLists() {
        Map<String, List<String>> oci = same(CapabilitySet.NONE).toOci();

        assertThat(oci).isUnmodifiable();
        assertThat(oci.get("ambient")).isUnmodifiable();
    }
}
