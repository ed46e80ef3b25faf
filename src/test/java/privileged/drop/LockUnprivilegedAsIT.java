package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.RestrictedTask;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Thrown;

/** Root of a container that holds CAP_SETUID and CAP_SETGID but no CAP_SETPCAP becomes another user. */
@Privileged
class LockUnprivilegedAsIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY, 4);
    private static final long SWITCHING = CapMasks.SETGID | CapMasks.SETUID;

    /** Root that holds these capabilities, in the bounding set too. */
    private static ChildCommand holding(Class<? extends ChildScenario> scenario, String names, String... args) {
        return ObservedChild.of(scenario, args).through("setpriv", "--groups", "0,4", "--inh-caps", "-all",
                "--bounding-set", "-all," + names);
    }

    static final class Locks implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.valueOf(args[0]));
            points.threw(() -> points.say(initial.lockUnprivileged(ChildArguments.identity(args[1])).identity()));
            points.at("done");
        }
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void switchesTheIdentityAndClearsAllButTheBoundingSet(Scope scope) {
        try (ObservedChild held = holding(Locks.class, "+setuid,+setgid", scope.name(), NOBODY + ":" + NOBODY + ":4")
                .start()) {
            ObservedChild child = scope == Scope.PROCESS ? held.together() : held;
            OutsideStatus start = child.start();
            assertThat(start.bounding()).isEqualTo(SWITCHING).isEqualTo(start.permitted());
            assertThat(start.uids()).containsOnly(0L);
            assertThat(child.said()).isEqualTo(SOMEBODY.toString());
            assertThat(child.saidNothingThrown()).isTrue();
            assertThat(child.at("done"))
                    .isEqualTo(start.withSets(SWITCHING, 0, 0, 0, 0).as(NOBODY, NOBODY, 4L).withNoNewPrivs());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+setuid", "+setgid", "+kill"})
    void changesNothingWithoutBothCapabilities(String held) {
        try (ObservedChild child = holding(Locks.class, held, "PROCESS", NOBODY + ":" + NOBODY + ":4").start()
                .together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).contains(": EPERM: needs CAP_SET", "ID in the effective set, which holds cap_");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("done")).isEqualTo(child.start());
        }
    }

    @Test
    void refusesTheUidOfRoot() {
        try (ObservedChild child = holding(Locks.class, "+setuid,+setgid", "PROCESS", "0:" + NOBODY).start().together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("lockUnprivileged: a uid is 0 (0)");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("done")).isEqualTo(child.start());
        }
    }

    static final class Allows implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS, options -> options.allowNewPrivileges());
            points.threw(() -> initial.lockUnprivileged(SOMEBODY));
            points.at("refused");
        }
    }

    @Test
    void refusesToAllowNewPrivileges() {
        try (ObservedChild child = holding(Allows.class, "+setuid,+setgid").start()) {
            assertThat(child.threw().message()).startsWith("lockUnprivileged: remove the option allowNewPrivileges()");
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    /** What the message advises is what works. */
    static final class DropsThenLocks implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            points.threw(() -> initial.drop(SOMEBODY));
            points.at("refused");
            initial.lockUnprivileged(SOMEBODY);
            points.at("locked");
        }
    }

    @Test
    void theRefusalOfAWholeDropNamesTheStepThatWorks() {
        try (ObservedChild child = holding(DropsThenLocks.class, "+setuid,+setgid").start().together()) {
            assertThat(child.threw().message()).startsWith("prctl(PR_CAPBSET_DROP, CAP_SETGID): EPERM: needs CAP_SETPCAP")
                    .contains("lockUnprivileged(identity)");
            assertThat(child.at("refused")).isEqualTo(child.start());
            assertThat(child.at("locked")).isEqualTo(child.start().withSets(SWITCHING, 0, 0, 0, 0)
                    .as(NOBODY, NOBODY, 4L).withNoNewPrivs());
        }
    }

    static final class Tasks implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            RestrictedTask.call(thread -> thread.lockUnprivileged(SOMEBODY), () -> {
                points.at("task");
                return null;
            });
            points.at("caller");
        }
    }

    @Test
    void restrictsATask() {
        try (ObservedChild child = holding(Tasks.class, "+setuid,+setgid").start()) {
            assertThat(child.at("task")).isEqualTo(child.start().withSets(SWITCHING, 0, 0, 0, 0)
                    .as(NOBODY, NOBODY, 4L).withNoNewPrivs());
            assertThat(child.at("caller")).isEqualTo(child.start());
        }
    }
}
