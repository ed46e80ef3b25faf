package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The values are JSON and come back from it, with a library that nobody has told of them. */
class JsonTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static final CapabilitySet SOME = CapabilitySet.parse("chown,bpf,63");

    private static final CapabilitySets FIVE = new CapabilitySets(CapabilitySet.ALL, SOME, SOME,
            CapabilitySet.NONE, CapabilitySet.ofNumber(5));

    private static final ThreadStatus THREAD = new ThreadStatus(7, "a \"name\"\n", new Credentials(FIVE,
            new Credentials.Ids(0, 1, 2, 3), Credentials.Ids.all(4294967294L), List.of(4L, 24L), true,
            Optional.of(new SecureBits(0xef))));

    static Stream<Record> values() {
        return Stream.of(SOME, CapabilitySet.NONE, FIVE, CapabilitySets.NONE, FIVE.state(), Identity.of(1, 2, 3, 4),
                new SecureBits(0), THREAD, THREAD.uids(), FileCapabilities.parse("cap_kill=ep").withRootUid(1000),
                new ThreadStatus(1, "", new Credentials(FIVE, THREAD.uids(), THREAD.gids(), List.of(), false, Optional.empty())),
                new ProcessStatus(1, 0, THREAD, false, List.of(THREAD)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aRecordIsAnObjectAndBack(Record value) {
        String json = JSON.writeValueAsString(value);

        assertThat(json).startsWith("{");
        assertThat(JSON.readValue(json, value.getClass())).isEqualTo(value);
    }

    @Test
    void ociCapabilitiesRoundTripThroughJson() {
        CapabilitySet some = CapabilitySet.parse("chown,bpf");
        CapabilitySets named = FIVE.with(SetKind.PERMITTED, some).with(SetKind.EFFECTIVE, some);
        String json = JSON.writeValueAsString(Map.of("process", Map.of("capabilities", named.toOci())));
        JsonNode capabilities = JSON.readTree(json).at("/process/capabilities");

        assertThat(capabilities.at("/ambient/0").asString()).isEqualTo("CAP_KILL");
        assertThat(CapabilitySets.ofOci(JSON.convertValue(capabilities, new TypeReference<Map<String, List<String>>>() {
        }))).isEqualTo(named);
    }

    /** From the example of the specification, config.md. */
    @Test
    void aBundleIsReadAsItIs() {
        String config = """
                {"process": {"capabilities": {
                    "bounding": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
                    "permitted": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
                    "inheritable": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
                    "effective": ["CAP_AUDIT_WRITE", "CAP_KILL"],
                    "ambient": ["CAP_NET_BIND_SERVICE"]
                }}}""";
        CapabilitySet three = CapabilitySet.parse("audit_write,kill,net_bind_service");

        assertThat(CapabilitySets.ofOci(JSON.convertValue(JSON.readTree(config).at("/process/capabilities"),
                new TypeReference<Map<String, List<String>>>() {
                }))).isEqualTo(new CapabilitySets(three, three, CapabilitySet.parse("audit_write,kill"), three,
                        CapabilitySet.parse("net_bind_service")));
    }
}
