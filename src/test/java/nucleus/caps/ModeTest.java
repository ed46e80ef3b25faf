package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import nucleus.caps.Credentials.Ids;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of cap_get_mode; AgainstLibcapIT compares with libcap itself. */
class ModeTest {

    private static ThreadStatus thread(Optional<SecureBits> bits, CapabilitySets sets) {
        return new ThreadStatus(1, "fake", new Credentials(sets, Ids.all(0), Ids.all(0), List.of(), false, bits));
    }

    @ParameterizedTest
    @CsvSource({
        "0x0,   BOUNDING,    HYBRID", "0x0,  AMBIENT,   HYBRID", "0xef, BOUNDING,  PURE1E_INIT",
        "0xef,  PERMITTED,   PURE1E_INIT", "0xef, EFFECTIVE, PURE1E_INIT", "0xef, INHERITABLE, PURE1E",
        "0xef,  AMBIENT,     UNCERTAIN", "0x2f, BOUNDING, UNCERTAIN", "0x1ef, BOUNDING, UNCERTAIN",
        "0x10,  BOUNDING,    UNCERTAIN", "0xff, BOUNDING, UNCERTAIN",
    })
    void oneSetThatHoldsSomethingTells(String bits, SetKind kind, Mode mode) {
        CapabilitySets sets = CapabilitySets.NONE.with(kind, CapabilitySet.ofNumber(63));
        assertThat(Mode.of(thread(Optional.of(SecureBits.parse(bits)), sets))).isEqualTo(mode);
    }

    @Test
    void threadsAreInOneModeOrInNone() {
        ThreadStatus hybrid = thread(Optional.of(SecureBits.NONE), CapabilitySets.NONE);
        ThreadStatus nopriv = thread(Optional.of(SecureBits.LOCKED_DOWN), CapabilitySets.NONE);
        ThreadStatus unknown = thread(Optional.empty(), CapabilitySets.NONE);

        assertThat(Mode.of(List.of(nopriv, nopriv))).isEqualTo(Mode.NOPRIV);
        assertThat(Mode.of(List.of(hybrid))).isEqualTo(Mode.HYBRID);
        assertThat(Mode.of(List.of(nopriv, hybrid))).isEqualTo(Mode.UNCERTAIN);
        assertThat(Mode.of(List.of(nopriv, unknown))).isEqualTo(Mode.UNCERTAIN);
        assertThat(Mode.of(List.of())).isEqualTo(Mode.UNCERTAIN);
    }

    @Test
    void modeWithoutCapabilitiesDependsOnSecureBits() {
        assertThat(Mode.of(thread(Optional.of(SecureBits.LOCKED_DOWN), CapabilitySets.NONE))).isEqualTo(Mode.NOPRIV);
        assertThat(Mode.of(thread(Optional.of(SecureBits.NONE), CapabilitySets.NONE))).isEqualTo(Mode.HYBRID);
        assertThat(Mode.of(thread(Optional.empty(), CapabilitySets.NONE))).isEqualTo(Mode.UNCERTAIN);
    }
}
