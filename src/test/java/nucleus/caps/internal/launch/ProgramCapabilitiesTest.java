package nucleus.caps.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of security.capability, as setcap(8) and the kernel write them. */
class ProgramCapabilitiesTest {

    private static Optional<ProgramCapabilities> of(String hex) {
        return ProgramCapabilities.of(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "01000001 00040000 00000000,                            400,         0,          true",
        "00000001 01000000 20000000,                            1,           20,         false",
        "01000002 00040000 00000000 00000000 00000000,          400,         0,          true",
        "00000002 00000000 21000000 00000000 01000000,          0,           100000021,  false",
        "01000002 00000080 00000000 80000000 00000000,          8080000000,  0,          true",
        "01000003 00040000 00000000 00000000 00000000 00000000, 400,         0,          true",
    })
    void aValueOfEachRevision(String hex, String permitted, String inheritable, boolean effective) {
        assertThat(of(hex)).contains(new ProgramCapabilities(CapabilitySet.ofMask(permitted),
                CapabilitySet.ofMask(inheritable), effective));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "010000", "01000001 00040000", "01000002 00040000 00000000",
        "01000003 00040000 00000000 00000000 00000000", "01000004 00040000 00000000 00000000 00000000 00000000",
        "00000000 00040000 00000000"})
    void aValueThatTheKernelDoesNotTakeGivesNothing(String hex) {
        assertThat(of(hex)).isEmpty();
    }

    @Test
    void ignoresCapabilitiesOfAnotherNamespace() {
        assertThat(of("01000003 00040000 00000000 00000000 00000000 a0860100")).isEmpty();
    }
}
