package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.internal.rules.Change;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapsExceptionTest {

    private static final String CALL = "prctl(PR_CAPBSET_DROP, CAP_CHOWN)";
    private static final String RULE = "needs CAP_SETPCAP in the effective set, which holds none";
    private static final ThreadStatus MAIN = new ThreadStatus(17, "main", new Credentials(CapabilitySets.NONE, Ids.all(1),
            Ids.all(1), List.of(), false, Optional.empty()));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 | EPERM  | false | {call}: EPERM: {rule}",
        "1 | EPERM  | true  | {call}: EPERM: {rule} (part of the change is already made)",
        "0 | ''     | false | {call}: {rule}",
        "0 | ''     | true  | {call}: {rule} (part of the change is already made)",
        "5 | errno 5| false | {call}: errno 5: {rule}",
    })
    void theMessageIsTheCallTheErrnoAndTheRule(int errno, String errnoName, boolean changed, String message) {
        CapsException refusal = new CapsException(CALL, errno, errnoName, RULE, changed, List.of(MAIN));

        assertThat(refusal).hasMessage(message.replace("{call}", CALL).replace("{rule}", RULE)).hasNoCause();
        assertThat(refusal.syscall()).isEqualTo(CALL);
        assertThat(refusal.errno()).isEqualTo(errno);
        assertThat(refusal.errnoName()).isEqualTo(errnoName);
        assertThat(refusal.rule()).isEqualTo(RULE);
        assertThat(refusal.changed()).isEqualTo(changed);
        assertThat(refusal.threads()).containsExactly(MAIN);
    }

    @Test
    void theThreadsAreCopied() {
        List<ThreadStatus> threads = new ArrayList<>(List.of(MAIN));
        CapsException refusal = new CapsException(CALL, 1, "EPERM", RULE, false, threads);
        threads.clear();

        assertThat(refusal.threads()).containsExactly(MAIN).isUnmodifiable();
    }

    @Test
    void messageNamesThreadsThatDifferAlikeOnce() {
        List<Difference> differences = new ArrayList<>();
        for (int tid = 1; tid <= 100; tid++) {
            differences.add(new Difference(tid, "t" + tid, "effective", "none", "cap_kill"));
            differences.add(new Difference(tid, "t" + tid, "no_new_privs", "true", "false"));
        }
        differences.add(new Difference(200, "x", "effective", "none", "cap_kill"));

        assertThat(new VerificationException("requireDropped", differences, false, List.of(MAIN)))
                .hasMessage("requireDropped: not verified: 100 threads (1 t1, 2 t2, 3 t3, 4 t4, …) effective: expected none,"
                        + " observed cap_kill; no_new_privs: expected true, observed false; thread 200 (x) effective: expected"
                        + " none, observed cap_kill");
    }

    @Test
    void messageNamesEachDifference() {
        Difference leaked = new Difference(17, "main", "bounding", "none", "cap_kill, leaked cap_kill");
        Difference ids = new Difference(18, "GC Thread#0", "uids", "1000", "0");
        VerificationException failure = new VerificationException("drop", List.of(leaked, ids), true, List.of(MAIN));

        assertThat(failure).hasMessage("drop: not verified: thread 17 (main) bounding: expected none, observed"
                + " cap_kill, leaked cap_kill; thread 18 (GC Thread#0) uids: expected 1000, observed 0"
                + " (part of the change is already made)");
        assertThat(failure.differences()).containsExactly(leaked, ids).isUnmodifiable();
        assertThat(failure.threads()).containsExactly(MAIN);
        assertThat(failure.errno()).isZero();
        assertThat(failure.errnoName()).isEmpty();
    }

    @Test
    void serializationKeepsTheMessage() throws Exception {
        Difference leaked = new Difference(17, "main", "bounding", "none", "cap_kill");
        VerificationException sent = new VerificationException("drop", List.of(leaked), true, List.of(MAIN));

        VerificationException received = overTheWire(sent);

        assertThat(received).hasMessage(sent.getMessage());
        assertThat(received.changed()).isTrue();
        assertThat(received.threads()).isEmpty();
        assertThat(received.differences()).isEmpty();
    }

    private static VerificationException overTheWire(VerificationException sent)
            throws IOException, ClassNotFoundException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(wire)) {
            out.writeObject(sent);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(wire.toByteArray()))) {
            return (VerificationException) in.readObject();
        }
    }

    @Test
    @DefaultLocale("ar-EG-u-nu-arab")
    void aCallIsNamedTheSameInEveryLocale() {
        assertThat(new Change.SetUid(1000).syscall()).isEqualTo("setresuid(1000, 1000, 1000)");
        assertThat(new Change.SetGid(1000).syscall()).isEqualTo("setresgid(1000, 1000, 1000)");
    }
}
