package nucleus.caps.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.plan.FakeKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a launch waits for a child. A shell with the name of an image stands for the child. */
@Timeout(60)
class ChildReportsTest {

    private static final String AS_IMAGE = "printf " + ChildStatus.IMAGE + " >/proc/$$/comm; echo named; read go; ";
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final ThreadStatus CALLER = new ThreadStatus(1, "caller",
            new Credentials(CapabilitySets.NONE, Ids.all(1000), Ids.all(1000), List.of(), false, Optional.of(SecureBits.NONE)));

    private final Pipes ends = new Pipes();
    private final Process process;

    ChildReportsTest() throws IOException {
        process = new ProcessBuilder("sh", "-c", AS_IMAGE + "exec sleep 60").start();
        assertThat(process.inputReader().readLine()).isEqualTo("named");
    }

    @AfterEach
    void end() {
        Children.end(process);
        ends.close();
    }

    private ChildReports reports(Duration patience) {
        return new ChildReports(process, ends.up(), List.of(), patience);
    }

    private void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aSilentChildIsNotAwaitedForEver() {
        assertThatThrownBy(() -> reports(Duration.ofMillis(1)).next())
                .hasMessageStartingWith("launch: the child has said nothing for ").hasMessageContaining("stopped");
    }

    @Test
    void aChildThatIsSilentIsKilled() {
        ChildProtocol protocol = new ChildProtocol(process, ends, new Handover(Set.of()), List.of(), Duration.ofMillis(1));
        ChildPlan plan = ChildPlan.of(FakeKernel.of(CALLER), ChildSpec.LEAST);
        assertThatThrownBy(() -> protocol.hold(plan, plan.questions(3))).hasMessageContaining("said nothing");
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aChildThatIsKilledBeforeItReportsIsNamed() throws InterruptedException {
        kill();
        assertThatThrownBy(() -> reports(LONG).required())
                .hasMessage("launch: the child was killed by signal 9 before it ran its program");
    }

    @Test
    void aChildThatIsKilledAndReapedNamesTheSignalByItsExitCode() throws InterruptedException {
        try (ChildStatus status = ChildStatus.open(process.pid())) {
            assertThat(status.isImage()).contains(true);
            kill();
            assertThatCode(() -> reports(LONG).awaitProgram(status)).doesNotThrowAnyException();
            assertThat(process.exitValue()).isEqualTo(137);
        }
    }

    @Test
    void aChildThatIsStillTheImageIsAwaited() {
        try (ChildStatus status = ChildStatus.open(process.pid())) {
            assertThatThrownBy(() -> reports(Duration.ofMillis(1)).awaitProgram(status)).hasMessageContaining("said nothing");
        }
    }

    @Test
    void aChildWithAnotherNameRunsItsProgram() throws IOException {
        try (ChildStatus status = ChildStatus.open(process.pid())) {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            assertThatCode(() -> reports(LONG).awaitProgram(status)).doesNotThrowAnyException();
            assertThat(status.isImage()).contains(false);
        }
    }

    /** This test has the other end of the pipe open, as another child can. */
    @Test
    void aChildThatHasEndedReportsNoMore() throws InterruptedException {
        kill();
        assertThat(reports(LONG).next()).isEmpty();
    }

    @Test
    void aClosedPipeIsNoReport() {
        ends.closeChilds();
        assertThat(reports(LONG).next()).isEmpty();
    }
}
