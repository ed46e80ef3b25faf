package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.ANYBODY;
import static privileged.harness.TestIds.NOBODY;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Options;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Smoke;

/** The drops that take one call. */
@Privileged
@Smoke
class WholeDropIT {

    private static final long KEPT = CapMasks.NET_RAW | CapMasks.SETUID | CapMasks.KILL;

    /** What is asked of the first phase. */
    enum Drop {
        DROP_ALL, DROP, DROP_EXCEPT, DROP_EXCEPT_AND_SWITCH;

        Phase.Dropped from(Phase.Initial initial, String keep, String ids) {
            return switch (this) {
                case DROP_ALL -> initial.dropAll();
                case DROP -> initial.drop(ChildArguments.identity(ids));
                case DROP_EXCEPT -> initial.dropExcept(CapabilitySet.ofMask(keep));
                case DROP_EXCEPT_AND_SWITCH -> initial.dropExcept(CapabilitySet.ofMask(keep), ChildArguments.identity(ids));
            };
        }
    }

    /** What was said about no_new_privs before. */
    enum NewPrivileges {
        UNSAID, ALLOWED, FORBIDDEN;

        Options of(Options options) {
            return switch (this) {
                case UNSAID -> options;
                case ALLOWED -> options.allowNewPrivileges();
                case FORBIDDEN -> options.withNoNewPrivs();
            };
        }
    }

    static final class OneCall implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD, NewPrivileges.valueOf(args[1])::of);
            Drop.valueOf(args[0]).from(initial, args[2], args[3]);
            points.at("dropped");
        }
    }

    /** Twice on one thread: by its own phase, and from the beginning. */
    static final class Twice implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD).drop(ChildArguments.identity(args[0]));
            points.at("once");
            Caps.begin(Scope.THREAD).drop(ChildArguments.identity(args[0]));
            points.at("again");
            Caps.begin(Scope.THREAD).dropBoundingSet().switchIdentity(ChildArguments.identity(args[0])).finalizeDrop();
            points.at("in steps");
            Caps.begin(Scope.THREAD).dropAll();
            points.at("without an identity");
        }
    }

    private static UnaryOperator<OutsideStatus> ends(UnaryOperator<OutsideStatus> how) {
        return how;
    }

    static Stream<Arguments> drops() {
        return Stream.of(
                Arguments.of(Drop.DROP_ALL, Named.of("nothing, still root", ends(s -> s.holdingOnly(0)))),
                Arguments.of(Drop.DROP, Named.of("nothing, somebody",
                        ends(s -> s.holdingOnly(0).as(1000, NOBODY, 4L, 1001L)))),
                Arguments.of(Drop.DROP_EXCEPT, Named.of("what is kept, still root", ends(s -> s.holdingOnly(KEPT)))),
                Arguments.of(Drop.DROP_EXCEPT_AND_SWITCH, Named.of("what is kept, somebody",
                        ends(s -> s.holdingOnly(KEPT).as(1000, NOBODY, 4L, 1001L)))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("drops")
    void endsInExactlyTheAskedState(Drop drop, UnaryOperator<OutsideStatus> end) {
        try (ObservedChild child =
                ObservedChild.start(OneCall.class, drop.name(), "UNSAID", CapMasks.hex(KEPT), "1000:65534:4:1001")) {
            assertThat(child.at("dropped")).isEqualTo(end.apply(child.start()).withNoNewPrivs());
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("drops")
    void setsNoNewPrivsUnlessNewPrivilegesAreAllowed(Drop drop, UnaryOperator<OutsideStatus> end) {
        try (ObservedChild child =
                ObservedChild.start(OneCall.class, drop.name(), "ALLOWED", CapMasks.hex(KEPT), "1000:65534:4:1001")) {
            assertThat(child.at("dropped")).isEqualTo(end.apply(child.start()));
        }
    }

    @Test
    void acceptsAnExplicitNoNewPrivs() {
        try (ObservedChild child = ObservedChild.start(OneCall.class, "DROP_ALL", "FORBIDDEN", "0", "0:0")) {
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).withNoNewPrivs());
        }
    }

    @Test
    void clearsInheritableAndAmbient() {
        try (ObservedChild child =
                ObservedChild.of(OneCall.class, "DROP_EXCEPT_AND_SWITCH", "UNSAID", CapMasks.hex(KEPT), "1000:1000")
                        .inheriting("kill,setgid,setuid", "kill,setgid").start()) {
            assertThat(child.start().ambient()).isEqualTo(CapMasks.KILL | CapMasks.SETGID);
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(KEPT).as(1000, 1000).withNoNewPrivs());
        }
    }

    @Test
    void keepsWhatAnotherThanRootHolds() {
        try (ObservedChild child =
                ObservedChild.of(OneCall.class, "DROP_EXCEPT_AND_SWITCH", "UNSAID", CapMasks.hex(CapMasks.KILL), "1000:1001:4")
                        .asNobodyWith("kill,setgid,setuid,setpcap").start()) {
            assertThat(child.start().uids()).containsOnly(NOBODY);
            assertThat(child.start().effective()).isEqualTo(CapMasks.KILL | CapMasks.SETGID | CapMasks.SETUID | CapMasks.SETPCAP);
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(CapMasks.KILL).as(1000, 1001, 4L).withNoNewPrivs());
        }
    }

    @Test
    void leavesOnlyTheKeptWhenAnotherBecomesRoot() {
        try (ObservedChild child =
                ObservedChild.of(OneCall.class, "DROP_EXCEPT_AND_SWITCH", "UNSAID", CapMasks.hex(CapMasks.KILL), "0:0")
                        .asNobodyWith("kill,setgid,setuid,setpcap").start()) {
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(CapMasks.KILL).as(0, 0).withNoNewPrivs());
        }
    }

    @Test
    void repeatsADropOfNothing() {
        try (ObservedChild child = ObservedChild.start(Twice.class, "65533:65533:4")) {
            OutsideStatus end = child.start().holdingOnly(0).as(ANYBODY, ANYBODY, 4L).withNoNewPrivs();
            assertThat(child.at("once")).isEqualTo(end);
            assertThat(child.at("again")).isEqualTo(end);
            assertThat(child.at("in steps")).isEqualTo(end);
            assertThat(child.at("without an identity")).isEqualTo(end);
        }
    }
}
