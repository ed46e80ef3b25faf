package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the library does not understand in {@code process.capabilities} is handed over; what is malformed is refused. */
class OciUnknownTest {

    private final List<OciNames.Unknown> unknown = new ArrayList<>();

    private CapabilitySets lenient(Map<String, List<String>> object) {
        return CapabilitySets.ofOci(object, unknown::add);
    }

    @Test
    void whatIsUnknownIsHandedOverAndTheRestIsRead() {
        Map<String, List<String>> object = new LinkedHashMap<>();
        object.put("ambient", List.of("CAP_FUTURE", "CAP_KILL", "cap_chown", "41", "CAP_FUTURE"));
        object.put("Bounding", List.of("CAP_KILL"));
        object.put("bounding", List.of("CAP_BPF", "all"));

        assertThat(lenient(object)).isEqualTo(CapabilitySets.NONE
                .with(SetKind.AMBIENT, CapabilitySet.of(Capability.CAP_KILL))
                .with(SetKind.BOUNDING, CapabilitySet.of(Capability.CAP_BPF)));
        assertThat(unknown).containsExactly(name("ambient", "CAP_FUTURE"), name("ambient", "cap_chown"),
                name("ambient", "41"), name("ambient", "CAP_FUTURE"),
                new OciNames.Unknown("Bounding", Optional.empty()), name("bounding", "all"));
    }

    private static OciNames.Unknown name(String set, String name) {
        return new OciNames.Unknown(set, Optional.of(name));
    }

    @Test
    void nothingIsHandedOverIfAllIsKnown() {
        CapabilitySets all = CapabilitySets.NONE.with(SetKind.PERMITTED, CapabilitySet.ALL);

        assertThat(lenient(all.toOci())).isEqualTo(all);
        assertThat(unknown).isEmpty();
    }

    @Test
    void theStrictMethodSaysTheSameAsALog() {
        lenient(Map.of("ambient", List.of("CAP_\nKIL\u001b")));
        assertThat(unknown.getFirst()).hasToString("ambient: no capability is named \"CAP_?KIL?\" in the runtime"
                + " specification; the nearest is CAP_KILL");
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySets.ofOci(Map.of("ambient", List.of("CAP_\nKIL\u001b"))))
                .withMessage(unknown.getFirst().toString());
        assertThat(new OciNames.Unknown("a\nb", Optional.empty())).hasToString("no capability set is named \"a?b\"");
    }

    @Test
    void anExceptionOfTheReceiverIsNotChanged() {
        IllegalArgumentException own = new IllegalArgumentException("own");

        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySets.ofOci(Map.of("ambient", List.of("x")), one -> {
            throw own;
        })).isSameAs(own);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments(Collections.singletonMap("ambient", null),
                        "ambient: a list of names is needed, not null; for an empty set, leave the list out"),
                arguments(Map.of("ambient", "CAP_KILL"), "ambient: a list of names is needed, not a java.lang.String"),
                arguments(Map.of("ambient", Arrays.asList("CAP_KILL", null)),
                        "ambient: the name of a capability is a string, not null"),
                arguments(Map.of("ambient", List.of(5)),
                        "ambient: the name of a capability is a string, not a java.lang.Integer"),
                arguments(Collections.singletonMap(null, List.of()), "the name of a set is a string, not null"),
                arguments(Map.of(5, List.of()), "the name of a set is a string, not a java.lang.Integer"));
    }

    /** JSON libraries give maps whose elements have other types than the map declares. */
    @ParameterizedTest
    @MethodSource
    @SuppressWarnings("unchecked")
    void malformed(Map<?, ?> object, String message) {
        Map<String, Collection<String>> declared = (Map<String, Collection<String>>) object;

        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySets.ofOci(declared)).withMessage(message);
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySets.ofOci(declared, unknown::add))
                .withMessage(message);
        assertThat(unknown).isEmpty();
    }

    @Test
    void nullInPlaceOfAnObjectIsNamed() {
        assertThatNullPointerException().isThrownBy(() -> CapabilitySets.ofOci(null)).withMessage("capabilities");
        assertThatNullPointerException().isThrownBy(() -> CapabilitySets.ofOci(Map.of(), null)).withMessage("unknown");
        assertThatNullPointerException().isThrownBy(() -> OciNames.parse(null)).withMessage("names");
        assertThatNullPointerException().isThrownBy(() -> new OciNames.Unknown(null, Optional.empty())).withMessage("set");
        assertThatNullPointerException().isThrownBy(() -> new OciNames.Unknown("ambient", null)).withMessage("name");
    }
}
