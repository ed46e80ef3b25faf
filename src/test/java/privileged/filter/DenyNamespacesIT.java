package privileged.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import privileged.harness.CSource;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.SmallPrograms;
import privileged.harness.TestIds;

/** After denyNamespaces, no way leads to a new user namespace, from no thread and no program of the process. */
@Privileged
@Requires(Requirement.USER_NAMESPACES_FOR_NOBODY)
class DenyNamespacesIT {

    private static final String EPERM = "1";
    private static final String ENOSYS = "38";
    /** A kernel without the gate of 32-bit programs ends the process with SIGSEGV. */
    private static final String NO_32_BIT = "139";

    /** A process of nobody in a user namespace of nobody's, to be entered. */
    private Process other;
    private List<String> programs;

    @BeforeEach
    void prepare() throws IOException {
        SmallPrograms small = new SmallPrograms();
        CSource source = CSource.of(DenyNamespacesIT.class, "namespaces");
        Path program = small.compiled(source, "namespaces");
        programs = List.of(source.compile("libnamespaces.so", "-shared", "-fPIC").toString(), program.toString(),
                small.copy(program, "setuid", "0:0", "4755").toString());
        String user = Long.toString(TestIds.ANYBODY);
        other = new ProcessBuilder("setpriv", "--reuid", user, "--regid", user, "--clear-groups", "unshare", "--user", "sh", "-c",
                "echo ready; exec sleep 600").start();
        assertThat(other.inputReader().readLine()).isEqualTo("ready");
    }

    @AfterEach
    void end() {
        other.destroyForcibly();
    }

    private ObservedChild start(String wish) {
        return ObservedChild.of(NamespaceWays.class, wish, programs.get(0), programs.get(1), programs.get(2),
                Long.toString(other.pid())).option("-Xlog:disable").start().together();
    }

    /** {@return the errno of each attempt} */
    private static TreeMap<String, String> attempts(ObservedChild child) {
        TreeMap<String, String> attempts = new TreeMap<>();
        for (int i = 0; i < NamespaceWays.WAYS.size() * NamespaceWays.PLACES.size(); i++) {
            String[] said = child.said().split(": ", 2);
            attempts.put(said[0], said[1]);
        }
        assertThat(attempts).hasSize(NamespaceWays.WAYS.size() * NamespaceWays.PLACES.size());
        return attempts;
    }

    /** Or else the next test would show nothing. */
    @Test
    void eachWayIsOpenWithoutTheOption() {
        try (ObservedChild child = start("allow")) {
            child.at("dropped");
            attempts(child).forEach((attempt, errno) -> assertThat(errno).as(attempt)
                    .isIn(attempt.contains("int80") ? List.of("0", NO_32_BIT) : List.of("0")));
            assertThat(child.said()).matches("CapEff:\t0*[1-9a-f][0-9a-f]+");
        }
    }

    @Test
    void eachWayIsClosedWithTheOption() {
        try (ObservedChild child = start("deny")) {
            child.at("dropped");
            assertThat(SeccompLines.of(child.process())).containsExactly(SeccompLines.more(1));
            attempts(child).forEach((attempt, errno) -> assertThat(errno).as(attempt)
                    .isIn(attempt.endsWith("clone3") ? List.of(ENOSYS) : attempt.contains("int80") ? List.of(EPERM, NO_32_BIT)
                            : List.of(EPERM)));
            assertThat(child.said()).isEqualTo("unshare: unshare failed: Operation not permitted");
        }
    }
}
