package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.Credentials;
import nucleus.caps.FileCapabilities;
import nucleus.caps.ProcessStatus;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The shape of {@code --json}, as the package description says it. */
class JsonOutputTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static final CapabilitySet SOME = CapabilitySet.parse("chown,bpf,63");

    private static final ThreadStatus THREAD = new ThreadStatus(7, "a \"b\"\n\ud800", new Credentials(
            new CapabilitySets(SOME, SOME, CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE),
            new Credentials.Ids(0, 1, 2, 4294967294L), Credentials.Ids.all(5), List.of(4L, 24L), true,
            Optional.of(new SecureBits(0x80001003))));

    private static final String THREAD_JSON = """
            {"tid":7,"name":"a \\"b\\"\\u000a\\ud800","java_name":null,
            "bounding":["CAP_CHOWN","CAP_BPF",63],"permitted":["CAP_CHOWN","CAP_BPF",63],
            "effective":[],"inheritable":[],"ambient":[],"no_new_privs":true,
            "uids":{"real":0,"effective":1,"saved":2,"filesystem":4294967294},
            "gids":{"real":5,"effective":5,"saved":5,"filesystem":5},"groups":[4,24],
            "securebits":["SECBIT_NOROOT","SECBIT_NOROOT_LOCKED",4096,2147483648]}""".replace("\n", "");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private JsonNode caps(String... words) {
        assertThat(new CapsTool().run(new PrintWriter(out), new PrintWriter(err), words)).as(err.toString()).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).matches("[ -~\n]+").endsWith(System.lineSeparator());
        return JSON.readTree(out.toString());
    }

    @Test
    void aThread() {
        assertThat(Json.of(StateJson.of(THREAD))).isEqualTo(THREAD_JSON);
        ThreadStatus other =
                new ThreadStatus(8, "x", new Credentials(CapabilitySets.NONE, THREAD.uids(), THREAD.gids(), List.of(),
                        false, Optional.empty())).withJavaName("y");
        assertThat(Json.of(StateJson.of(other))).contains("\"java_name\":\"y\"").endsWith("\"groups\":[],\"securebits\":null}");
    }

    @Test
    void aProcess() {
        ProcessStatus process = new ProcessStatus(7, 1, THREAD, false, List.of(THREAD));

        assertThat(Json.of(StateJson.of(process, Optional.of("d\"x")))).isEqualTo("{\"pid\":7,\"ppid\":1,\"uid\":1,"
                + "\"user\":\"d\\\"x\",\"kernel\":false,\"main\":" + THREAD_JSON + ",\"differing\":[" + THREAD_JSON + "]}");
        assertThat(Json.of(StateJson.of(process, Optional.empty()))).contains("\"user\":null");
    }

    @Test
    void showIsOneThread() {
        JsonNode thread = caps("show", "--json");

        assertThat(thread.at("/tid").asInt()).isEqualTo(Caps.thread().tid());
        assertThat(thread.at("/permitted").size()).isEqualTo(Caps.thread().sets().permitted().size());
        assertThat(thread.at("/securebits").isArray()).isTrue();
    }

    @Test
    void showOfAProcessIsItsMainThread() {
        long pid = ProcessHandle.current().pid();

        assertThat(caps("show", "--json", Long.toString(pid)).at("/tid").asLong()).isEqualTo(pid);
    }

    @Test
    void threadsIsAnArray() {
        JsonNode threads = caps("threads", "--json");

        assertThat(threads.isArray()).isTrue();
        assertThat(threads.valueStream().map(thread -> thread.at("/tid").asInt())).contains(Caps.thread().tid());
    }

    @Test
    void psIsAnArrayOfHolders() {
        JsonNode processes = caps("ps", "--json");

        assertThat(processes.isArray()).isTrue();
        assertThat(processes.valueStream().filter(process -> process.at("/pid").asLong() == ProcessHandle.current().pid())
                .toList()).hasSize(Caps.process(ProcessHandle.current().pid()).holdsCapabilities() ? 1 : 0)
                .allSatisfy(self -> assertThat(self.at("/user").asString(null))
                        .isEqualTo(Caps.userName(self.at("/uid").asLong()).orElse(null)));
        assertThat(processes.valueStream()).noneMatch(process -> process.at("/kernel").asBoolean());
    }

    @Test
    void decodeIsAnArrayOfMasksAndAttributes() {
        assertThat(caps("decode", "--json", "8000000000000020", "0sAQAAAwAgAAAAAAAAgAAAAAAAAADoAwAA")).isEqualTo(JSON.readTree("""
                [{"mask":"8000000000000020","capabilities":["CAP_KILL",63]},
                 {"permitted":["CAP_NET_RAW","CAP_BPF"],"inheritable":[],"effective":true,"root_uid":1000}]"""));
    }

    @Test
    void filesWithoutCapabilitiesAreAnEmptyArray(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("a"));

        assertThat(caps("file", "get", "--json", "-r", file.toString(), directory.toString())).isEqualTo(JSON.readTree("[]"));
    }

    @Test
    void filesAreAnArray() {
        FileListing listing = new FileListing(new PrintWriter(out), CapabilitySet.ALL, false, true);
        listing.add(Path.of("a\"\n"), FileCapabilities.parse("cap_kill=ep").withRootUid(1000));
        listing.add(Path.of("b"), FileCapabilities.parse("cap_bpf=i"));
        listing.end();

        assertThat(JSON.readTree(out.toString())).isEqualTo(JSON.readTree("""
                [{"path":"a\\"\\n","permitted":["CAP_KILL"],"inheritable":[],"effective":true,"root_uid":1000},
                 {"path":"b","permitted":[],"inheritable":["CAP_BPF"],"effective":false,"root_uid":0}]"""));
    }
}
