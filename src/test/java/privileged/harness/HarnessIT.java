package privileged.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import nucleus.caps.Capability;
import nucleus.caps.Caps;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import org.junit.jupiter.api.Test;

/** The harness reports what goes wrong in a child. */
@SameInContainers
class HarnessIT {

    /** Changes one thread, and stops on another. */
    static final class ChangesAnother implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Caps.thisThread().lower(SetKind.EFFECTIVE, Capability.CAP_KILL);
            Checkpoints.onNewThread(() -> points.at("another"));
        }
    }

    static final class Dies implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            System.err.println("first error"); // in the pipe before the harness can know of the line below
            System.out.println("last words");
            System.exit(7);
        }
    }

    static final class EndsWithACode implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            System.exit(7);
        }
    }

    static final class Throws implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Checkpoints.onNewThread(() -> {
                throw new IllegalStateException("on purpose");
            });
        }
    }

    static final class Hangs implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Thread.sleep(Duration.ofHours(1));
        }
    }

    static final class StopsTwice implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> {});
            points.at("one");
            points.at("two");
        }
    }

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD).drop(ChildArguments.identity("65534:65534"));
            points.at("dropped");
        }
    }

    @Test
    @Privileged
    void reportsAnotherThreadThatChanged() {
        assertThatThrownBy(() -> {
            try (ObservedChild child = ObservedChild.start(ChangesAnother.class)) {
                child.at("another");
            }
        }).isInstanceOf(AssertionError.class).hasMessageContaining("another thread of the child")
                .hasMessageContaining("(java)");
    }

    @Test
    void reportsTheOutputOfAChildThatDies() {
        assertThatThrownBy(() -> {
            try (ObservedChild child = ObservedChild.start(Dies.class)) {
                child.at("never");
            }
        }).isInstanceOf(AssertionError.class).hasMessageContaining("last words").hasMessageContaining("first error");
    }

    @Test
    void reportsAnExitCode() {
        assertThatThrownBy(() -> ObservedChild.start(EndsWithACode.class).close())
                .isInstanceOf(AssertionError.class).hasMessageContaining("ended with exit code 7");
    }

    @Test
    void reportsAStackTrace() {
        assertThatThrownBy(() -> ObservedChild.start(Throws.class).close())
                .isInstanceOf(AssertionError.class).hasMessageContaining("wrote to its standard error")
                .hasMessageContaining("on purpose");
    }

    @Test
    void reportsAChildThatHangs() {
        try (ObservedChild child = ObservedChild.of(Hangs.class).patience(Duration.ofSeconds(15)).start()) {
            ProcessHandle process = ProcessHandle.of(child.process()).orElseThrow();
            assertThatThrownBy(() -> child.at("never")).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("says nothing for PT15S");
            assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(60));
        }
    }

    @Test
    @Privileged
    void reportsAnUnexpectedLine() {
        assertThatThrownBy(() -> {
            try (ObservedChild child = ObservedChild.start(StopsTwice.class)) {
                child.threw();
            }
        }).isInstanceOf(AssertionError.class).hasMessageContaining("nothing was thrown");
        assertThatThrownBy(() -> {
            try (ObservedChild child = ObservedChild.start(Drops.class)) {
                child.at("something else");
            }
        }).isInstanceOf(AssertionError.class).hasMessageContaining("is at \"dropped\", not at \"something else\"");
        assertThatThrownBy(() -> ObservedChild.start(Drops.class).close())
                .isInstanceOf(AssertionError.class).hasMessageContaining("is not at its end: AT ");
    }

    @Test
    void skipsByThePropertyOfTheBuild() {
        long needed = CapMasks.SETGID | CapMasks.SETPCAP | CapMasks.SYS_ADMIN;
        assertThat(Privileged.Condition.evaluate("0000000000200140", needed).isDisabled()).isFalse();
        assertThat(Privileged.Condition.evaluate("0000000000000040", needed).isDisabled()).isTrue();
        assertThat(Privileged.Condition.evaluate("0000000000000040", needed).getReason())
                .hasValue("CapEff is 0000000000000040, and lacks cap_setpcap, cap_sys_admin");
        for (String none : new String[] {null, "", "${held}", "0"}) {
            assertThatIllegalStateException().isThrownBy(() -> Privileged.Condition.evaluate(none, needed));
        }
    }

    @Privileged(also = CapMasks.KILL)
    private static final class NeedsMore {
        @Privileged(also = CapMasks.CHOWN)
        void yetMore() {
        }
    }

    @Test
    void addsTheNeedsOfAMethodToThoseOfItsClass() throws Exception {
        assertThat(
                Privileged.Condition.needed(Stream.of(HarnessIT.class.getDeclaredMethod("reportsAnUnexpectedLine"))))
                .isEqualTo(0x1c0);
        assertThat(Privileged.Condition.needed(
                Stream.of(NeedsMore.class, NeedsMore.class.getDeclaredMethod("yetMore")))).isEqualTo(0x1e1);
    }

    @Test
    void parsesWhatTheKernelPrints() {
        OutsideStatus status = OutsideStatus.parse("""
                Name:\ta: b
                State:\tS (sleeping)
                Uid:\t1\t2\t3\t4294967294
                Gid:\t5\t6\t7\t8
                Groups:\t4 27\s
                CapInh:\t0000000000000001
                CapPrm:\t0000000000000002
                CapEff:\t8000000000000003
                CapBnd:\t000001fffeffffff
                CapAmb:\t0000000000000004
                NoNewPrivs:\t1
                """);
        assertThat(status).hasToString("B/P/E/I/A 000001fffeffffff/0000000000000002/8000000000000003/0000000000000001/"
                + "0000000000000004 uids [1, 2, 3, 4294967294] gids [5, 6, 7, 8] groups [4, 27] nnp true");
    }
}
