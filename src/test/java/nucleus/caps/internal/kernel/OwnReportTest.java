package nucleus.caps.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.proc.Proc;
import org.junit.jupiter.api.Test;

/** The thread that runs this test reports what it holds. Nothing is changed. */
class OwnReportTest {

    private final CapabilitySet supported = new LinuxKernel().supported();

    @Test
    void saysTheSameAsARoundAndTheFile() {
        ThreadStatus told = new OwnReport(supported).read();
        ThreadStatus file = Proc.callingThread();

        assertThat(told).isEqualTo(new EveryThread(supported, true, Duration.ofSeconds(30)).observe().getFirst());
        assertThat(told).isEqualTo(file.with(file.credentials().with(told.secureBits().orElseThrow())));
    }

    @Test
    void saysThatTheStateIsNotKnownWhenAQuestionIsRefused() {
        OwnReport more = new OwnReport(CapabilitySet.ofNumber(63));

        assertThatThrownBy(more::read).isInstanceOf(CapsException.class)
                .hasMessageMatching("prctl\\(PR_CAPBSET_READ\\): EINVAL: the state of thread [0-9]+ .* cannot be read");
    }
}
