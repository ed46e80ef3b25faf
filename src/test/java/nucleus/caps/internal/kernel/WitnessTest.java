package nucleus.caps.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.proc.Proc;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a thread told, against its status file. */
class WitnessTest {

    private String text;
    private ThreadStatus told;

    @BeforeEach
    void read() throws IOException {
        text = Files.readString(Path.of("/proc/thread-self/status"));
        ThreadStatus read = Proc.callingThread();
        told = read.with(read.credentials().with(new SecureBits(3)));
    }

    private void confirm(String file) {
        new Witness(told.credentials()::equals).confirm(told, file);
    }

    @Test
    void confirmsTheSame() {
        assertThatCode(() -> confirm(text)).doesNotThrowAnyException();
    }

    @Test
    void saysNothingOfAThreadThatHasEnded() {
        String zombie = text.replaceFirst("State:\t.*", "State:\tZ (zombie)").replaceFirst("CapBnd:\t.*", "CapBnd:\t0");

        assertThatCode(() -> confirm(null)).doesNotThrowAnyException();
        assertThatCode(() -> confirm(zombie)).doesNotThrowAnyException();
    }

    @Test
    void contradictsWithBothValues() {
        String other = text.replaceFirst("NoNewPrivs:\t.*", "NoNewPrivs:\t" + (told.noNewPrivs() ? 0 : 1));

        assertThatExceptionOfType(VerificationException.class).isThrownBy(() -> confirm(other)).satisfies(e -> {
            assertThat(e.differences()).containsExactly(new Difference(told.tid(),
                    told.name(), "no_new_privs", "" + told.noNewPrivs(), "" + !told.noNewPrivs()));
            assertThat(e.changed()).isFalse();
        });
    }

    @Test
    void acceptsADifferenceThatIsRightToo() {
        String other = text.replaceFirst("NoNewPrivs:\t.*", "NoNewPrivs:\t" + (told.noNewPrivs() ? 0 : 1));

        assertThatCode(() -> new Witness(credentials -> true).confirm(told, other)).doesNotThrowAnyException();
    }

    @Test
    void takesAFileApartThatIsNotAsOneThatWasRight() {
        Witness witness = new Witness(told.credentials()::equals);
        witness.confirm(told, text);
        witness.confirm(told, text.replaceFirst("Name:\t.*", "Name:\tanother"));
        for (String line : new String[] {"Uid", "Gid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
            String other = text.replaceFirst(line + ":\t.", line + ":\t9");
            assertThatExceptionOfType(VerificationException.class).as(line).isThrownBy(() -> witness.confirm(told, other));
        }
    }
}
