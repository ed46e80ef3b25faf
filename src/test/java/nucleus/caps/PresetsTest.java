package nucleus.caps;

import static nucleus.caps.Capability.CAP_BPF;
import static nucleus.caps.Capability.CAP_CHOWN;
import static nucleus.caps.Capability.CAP_NET_BIND_SERVICE;
import static nucleus.caps.Capability.CAP_SETUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PresetsTest {

    private static final CapabilitySet BIND = CapabilitySet.of(CAP_NET_BIND_SERVICE, CAP_CHOWN);

    @Test
    void dockerPresetIsTheMaskOfItsContainers() {
        assertThat(Presets.DOCKER_DEFAULT.mask()).isEqualTo("00000000a80425fb");
        assertThat(Presets.DOCKER_DEFAULT.size()).isEqualTo(14);
    }

    @Test
    void theDangerousOnesAreThoseOfNucleus() {
        assertThat(Presets.DANGEROUS).isEqualTo(CapabilitySet.parse("sys_admin sys_module sys_rawio sys_ptrace"
                + " dac_override dac_read_search sys_boot mac_admin mac_override sys_pacct linux_immutable bpf perfmon"
                + " net_raw setuid setgid fowner"));
        assertThat(Presets.DANGEROUS.size()).isEqualTo(17);
        assertThat(Presets.dangerousIn(Presets.DOCKER_DEFAULT))
                .isEqualTo(CapabilitySet.parse("dac_override fowner setgid setuid net_raw"));
        assertThat(Presets.dangerousIn(BIND)).isEqualTo(CapabilitySet.NONE);
    }

    @Test
    void unnamedCapabilityIsDangerous() {
        assertThat(Presets.dangerousIn(CapabilitySet.ofNumber(50).union(BIND))).isEqualTo(CapabilitySet.ofNumber(50));
    }

    @ParameterizedTest
    @EnumSource(SetKind.class)
    void namesADangerousCapabilityOfAnySet(SetKind kind) {
        CapabilitySets harmless = new CapabilitySets(BIND, BIND, BIND, BIND, BIND);
        assertThatCode(() -> Presets.requireNothingDangerous(harmless)).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() -> Presets.requireNothingDangerous(
                harmless.with(kind, BIND.union(CapabilitySet.of(CAP_SETUID, CAP_BPF)))))
                .withMessage("dangerous in production: " + kind + " cap_setuid,cap_bpf");
    }

    @Test
    void allThatAreDangerousAreNamed() {
        assertThatIllegalArgumentException().isThrownBy(() -> Presets.requireNothingDangerous(CapabilitySets.NONE
                .with(SetKind.BOUNDING, CapabilitySet.of(CAP_SETUID)).with(SetKind.AMBIENT, CapabilitySet.of(CAP_BPF))))
                .withMessage("dangerous in production: bounding cap_setuid; ambient cap_bpf");
    }
}
