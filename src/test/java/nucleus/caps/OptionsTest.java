package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.file.Path;
import java.time.Duration;
import nucleus.caps.internal.plan.FakeKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void theDefaultSaysNothing() {
        assertThat(Options.DEFAULT.noNewPrivs()).isEmpty();
        assertThat(Options.DEFAULT.secureBits()).isEmpty();
        assertThat(Options.DEFAULT.ioUring()).isFalse();
        assertThat(Options.DEFAULT.timeout()).isEmpty();
        assertThat(Options.DEFAULT.dumpable()).isFalse();
        assertThat(Options.DEFAULT.deniesNamespaces()).isFalse();
        assertThat(Options.DEFAULT.deniesExec()).isFalse();
        assertThat(Options.DEFAULT.handsOver()).isFalse();
        assertThat(Options.DEFAULT.trees()).isEmpty();
    }

    @Test
    void eachOptionKeepsTheOthers() {
        Options all = Options.DEFAULT.allowNewPrivileges().withSecureBits(SecureBits.LOCKED_DOWN).allowIoUring()
                .withTimeout(Duration.ofMillis(1)).withDumpable().denyNamespaces().denyExec().handOver(Path.of("/a"));
        for (Options one : new Options[] {all, all.allowNewPrivileges(), all.withSecureBits(SecureBits.LOCKED_DOWN),
            all.allowIoUring(), all.withTimeout(Duration.ofMillis(1)), all.withDumpable(), all.denyNamespaces(),
            all.denyExec(), all.handOver()}) {
            assertThat(one.noNewPrivs()).contains(false);
            assertThat(one.secureBits()).contains(SecureBits.LOCKED_DOWN);
            assertThat(one.ioUring()).isTrue();
            assertThat(one.timeout()).contains(Duration.ofMillis(1));
            assertThat(one.dumpable()).isTrue();
            assertThat(one.deniesNamespaces()).isTrue();
            assertThat(one.deniesExec()).isTrue();
            assertThat(one.trees()).containsExactly(Path.of("/a"));
        }
        assertThat(all.withNoNewPrivs().ioUring()).isTrue();
        theDefaultSaysNothing();
    }

    @Test
    void aFilterNeedsNoNewPrivs() {
        assertThat(Options.DEFAULT.denyNamespaces().noNewPrivs()).contains(true);
        assertThat(Options.DEFAULT.denyExec().noNewPrivs()).contains(true);
    }

    @Test
    void theLaterOfTwoCounts() {
        assertThat(Options.DEFAULT.allowNewPrivileges().withNoNewPrivs().noNewPrivs()).contains(true);
        assertThat(Options.DEFAULT.withNoNewPrivs().allowNewPrivileges().noNewPrivs()).contains(false);
        assertThat(Options.DEFAULT.withSecureBits(SecureBits.LOCKED_DOWN).withSecureBits(SecureBits.NONE).secureBits())
                .contains(SecureBits.NONE);
    }

    @Test
    void treesAddUp() {
        Options both = Options.DEFAULT.handOver(Path.of("/a/../b")).handOver(Path.of("c"), Path.of("/d"));
        assertThat(both.trees()).containsExactly(Path.of("/b"), Path.of("c").toAbsolutePath(), Path.of("/d"));
        assertThat(Options.DEFAULT.handOver().handsOver()).isTrue();
    }

    @Test
    void aThreadHandsNothingOver() {
        assertThatIllegalStateException()
                .isThrownBy(() -> InitialStep.begin(FakeKernel.root(), options -> options.handOver()))
                .withMessageStartingWith("begin: handOver() needs Scope.PROCESS");
    }

    @Test
    void keepCapsIsNoSecurebitToEndWith() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.DEFAULT.withSecureBits(SecureBits.of(SecureBit.KEEP_CAPS)))
                .withMessage("keep_caps: keep_caps must be off at the end; it can be locked while it is off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void aTimeoutIsPositive(Duration timeout) {
        assertThatIllegalArgumentException().isThrownBy(() -> Options.DEFAULT.withTimeout(timeout))
                .withMessage("a timeout must be positive, not " + timeout);
    }

    @Test
    void aMissingArgumentIsRefused() {
        assertThatNullPointerException().isThrownBy(() -> Options.DEFAULT.withSecureBits(null));
        assertThatNullPointerException().isThrownBy(() -> Options.DEFAULT.withTimeout(null));
        assertThatNullPointerException().isThrownBy(() -> Caps.begin(Scope.THREAD, null));
        assertThatNullPointerException().isThrownBy(() -> Caps.begin(null, options -> options));
        assertThatNullPointerException().isThrownBy(() -> Caps.begin(null));
        assertThatNullPointerException().isThrownBy(() -> Caps.begin(Scope.THREAD, options -> null))
                .withMessage("the options to use");
    }
}
