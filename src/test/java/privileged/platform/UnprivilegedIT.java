package privileged.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import nucleus.caps.Launcher;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Smoke;
import privileged.harness.Thrown;

/** What needs no privilege: it is there also in a container that has none. */
@Smoke
class UnprivilegedIT {

    /** Drops all, or to an identity, and says what it threw where it may not. */
    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.valueOf(args[0]));
            Runnable drop = () -> {
                if (args.length > 2) {
                    initial.drop(ChildArguments.identity(args[2]));
                } else {
                    initial.dropAll();
                }
            };
            if (args[1].equals("may")) {
                drop.run();
            } else {
                points.threw(drop::run);
            }
            points.at("done");
        }
    }

    /** Nothing is left to be dropped from bounding, or CAP_SETPCAP allows it. */
    @ParameterizedTest
    @EnumSource(Scope.class)
    void dropsAllWithAnEmptyBoundingSet(Scope scope) {
        OutsideStatus mine = OutsideStatus.mine();
        boolean may = mine.bounding() == 0 || (mine.effective() & CapMasks.SETPCAP) != 0;
        done(scope, may, start -> start.holdingOnly(0).withNoNewPrivs());
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void refusesAnotherIdentityWithoutPrivileges(Scope scope) {
        long needed = CapMasks.SETUID | CapMasks.SETGID | CapMasks.SETPCAP;
        boolean may = (OutsideStatus.mine().effective() & needed) == needed;
        done(scope, may, start -> start.holdingOnly(0).as(1001, 1002).withNoNewPrivs(), "1001:1002");
    }

    /** Where it may not, that is said, and nothing is changed. */
    private static void done(Scope scope, boolean may, UnaryOperator<OutsideStatus> end, String... identity) {
        String[] args = Stream.concat(Stream.of(scope.name(), may ? "may" : "may not"), Stream.of(identity))
                .toArray(String[]::new);
        try (ObservedChild held = ObservedChild.start(Drops.class, args)) {
            ObservedChild child = scope == Scope.PROCESS ? held.together() : held;
            if (!may) {
                Thrown thrown = child.threw();
                assertThat(thrown.message()).contains(": EPERM: needs CAP_");
                assertThat(thrown.changed()).isFalse();
            }
            assertThat(child.at("done")).isEqualTo(may ? end.apply(child.start()) : child.start());
        }
    }

    /** Reads itself, and what it starts. */
    static final class Reads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            points.say(Caps.thread().sets().permitted().mask() + " " + Caps.threads().stream()
                    .map(thread -> thread.sets().permitted().mask()).distinct().toList());
            Process cat = Launcher.of(new ProcessBuilder("cat", "/proc/self/status"))
                    .bounding(Caps.thread().sets().bounding()).start();
            String status = new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            points.say(OutsideStatus.parse(status).masks());
        }
    }

    @Test
    void aProcessReadsItselfAndStartsAnother() {
        try (ObservedChild child = ObservedChild.start(Reads.class)) {
            OutsideStatus start = child.start();
            assertThat(child.said()).isEqualTo("%s [%1$s]".formatted(CapMasks.hex(start.permitted())));
            long held = start.uids().getFirst() == 0 ? start.bounding() : 0;
            assertThat(child.said()).isEqualTo(start.withSets(start.bounding(), held, held, 0, 0).masks());
        }
    }
}
