package nucleus.caps.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;
import nucleus.caps.internal.threads.IdleThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every thread of the JVM that runs this test tells what it holds. Nothing is changed. */
class EveryThreadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Plan NOTHING = new Plan(List.of(), false);

    private final CapabilitySet supported = new LinuxKernel().supported();
    private final EveryThread every = new EveryThread(supported, true, PATIENCE);
    private IdleThread other;

    @BeforeEach
    void startAnother() {
        other = new IdleThread("a\\b\nCapEff:\t0  and more");
    }

    @AfterEach
    void endTheOther() {
        other.close();
    }

    private static Map<String, String> lines(String path) throws IOException {
        Map<String, String> lines = new HashMap<>();
        for (String line : Files.readAllLines(Path.of(path), StandardCharsets.ISO_8859_1)) {
            lines.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip());
        }
        return lines;
    }

    private static Ids ids(String line) {
        long[] ids = Arrays.stream(line.split("\t")).mapToLong(Long::parseLong).toArray();
        return new Ids(ids[0], ids[1], ids[2], ids[3]);
    }

    private static CapabilitySet set(Map<String, String> file, String key) {
        return CapabilitySet.ofMask(file.get(key));
    }

    private static void equalsTheFile(ThreadStatus told, Map<String, String> file) {
        assertThat(told.tid()).hasToString(file.get("Pid"));
        assertThat(told.name()).isEqualTo(file.get("Name"));
        assertThat(told.uids()).isEqualTo(ids(file.get("Uid")));
        assertThat(told.gids()).isEqualTo(ids(file.get("Gid")));
        assertThat(told.groups()).isEqualTo(Arrays.stream(file.get("Groups").split(" ")).filter(group -> !group.isEmpty())
                .map(Long::valueOf).sorted().distinct().toList());
        assertThat(told.sets()).isEqualTo(new CapabilitySets(set(file, "CapBnd"), set(file, "CapPrm"), set(file, "CapEff"),
                set(file, "CapInh"), set(file, "CapAmb")));
        assertThat(told.noNewPrivs()).isEqualTo(file.get("NoNewPrivs").equals("1"));
    }

    @Test
    void tellsWhatTheFilesTell() throws IOException {
        List<ThreadStatus> told = every.observe();

        equalsTheFile(told.getFirst(), lines("/proc/thread-self/status"));
        ThreadStatus another = told.stream().filter(thread -> thread.tid() == other.tid()).findFirst().orElseThrow();
        equalsTheFile(another, lines("/proc/self/task/" + other.tid() + "/status"));
        assertThat(another.name()).isEqualTo("a\\\\b\\nCapEff:\t0");
    }

    @Test
    void tellsSecureBitsToo() {
        assertThat(every.observe()).hasSizeGreaterThan(5).extracting(ThreadStatus::secureBits)
                .containsOnly(Optional.of(new SecureBits((int) Syscalls.call(new ChangeCalls(Syscall::number).prctl(27)))));
    }

    @Test
    void listsTheCallingThreadFirstAndEachOnce() {
        int self = Proc.callingThread().tid();

        assertThat(every.observe()).extracting(ThreadStatus::tid).startsWith(self).contains(other.tid())
                .doesNotHaveDuplicates();
        assertThat(every.read()).extracting(ThreadStatus::tid).startsWith(self).contains(other.tid()).doesNotHaveDuplicates();
    }

    @Test
    void readsWithoutSecureBits() throws IOException {
        List<ThreadStatus> read = every.read();

        equalsTheFile(read.getFirst(), lines("/proc/thread-self/status"));
        assertThat(read).extracting(ThreadStatus::secureBits).containsOnly(Optional.empty());
    }

    @Test
    void leavesNoDescriptorOpen() {
        List<Integer> before = Proc.descriptors();

        every.observe();
        every.run(NOTHING, credentials -> true);

        assertThat(Proc.descriptors()).hasSameSizeAs(before);
    }

    @Test
    void saysThatItIsNotKnownWhenAQuestionIsRefused() {
        EveryThread more = new EveryThread(CapabilitySet.ofNumber(63), true, PATIENCE);

        assertThatThrownBy(more::observe).isInstanceOf(CapsException.class)
                .hasMessageMatching("prctl\\(PR_CAPBSET_READ\\): EINVAL: the state of thread [0-9]+ .* cannot be read");
        assertThat(more.run(NOTHING, credentials -> true).reason())
                .hasValueSatisfying(reason -> assertThat(reason).hasMessageContaining("cannot be read"));
    }

    @Test
    void takesAnyDeadline() {
        assertThat(new EveryThread(supported, true, Duration.ofDays(1_000_000)).observe()).isNotEmpty();
    }
}
