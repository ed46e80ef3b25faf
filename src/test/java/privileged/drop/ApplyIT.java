package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static privileged.harness.TestIds.NOBODY;

import java.util.List;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
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

/** {@code apply} ends with exactly the asked five sets, whoever the thread becomes. */
@Privileged
@Smoke
class ApplyIT {

    private static final long SOME = CapMasks.SETGID | CapMasks.NET_RAW;
    private static final long OTHER = CapMasks.SYS_CHROOT;

    /** In one JVM, on a new thread for each identity; the last word is what was said about no_new_privs. */
    static final class Applies implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            for (int i = 1; i < args.length; i++) {
                String ids = args[i];
                Checkpoints.onNewThread(() -> {
                    Phase.Initial initial = Caps.begin(Scope.THREAD);
                    if (ids.equals("self")) {
                        initial.apply(ChildArguments.sets(args[0]));
                    } else {
                        initial.apply(ChildArguments.sets(args[0]), ChildArguments.identity(ids));
                    }
                    points.at("applied");
                });
            }
        }
    }

    /** All rows in one JVM. */
    static final class AppliesInTurn implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            for (String masks : args) {
                Checkpoints.onNewThread(() -> {
                    Caps.begin(Scope.THREAD).apply(ChildArguments.sets(masks));
                    points.at("same identity");
                });
                Checkpoints.onNewThread(() -> {
                    Caps.begin(Scope.THREAD).apply(ChildArguments.sets(masks), ChildArguments.identity("65534:65534"));
                    points.at("nobody");
                });
            }
        }
    }

    static final class AppliesWithNoNewPrivileges implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Checkpoints.onNewThread(() -> {
                Caps.begin(Scope.THREAD, options -> options.withNoNewPrivs()).apply(ChildArguments.sets(args[0]),
                        ChildArguments.identity(args[1]));
                points.at("with");
            });
            Checkpoints.onNewThread(() -> {
                Caps.begin(Scope.THREAD, options -> options.withNoNewPrivs()).apply(ChildArguments.sets(args[0]));
                points.at("with, without an identity");
            });
            Checkpoints.onNewThread(() -> {
                Caps.begin(Scope.THREAD, options -> options.allowNewPrivileges()).apply(ChildArguments.sets(args[0]),
                        ChildArguments.identity(args[1]));
                points.at("without");
            });
        }
    }

    static Stream<Arguments> rows() {
        OutsideStatus now = OutsideStatus.mine();
        long all = now.permitted();
        long docker = CapMasks.DOCKER & all;
        return Stream.of(
                arguments("everything none", now.withSets(0, 0, 0, 0, 0)),
                arguments("nothing changes", now.withSets(all, all, all, 0, 0)),
                arguments("all in all five", now.withSets(all, all, all, all, all)),
                arguments("effective a part of permitted", now.withSets(all, all, SOME, 0, 0)),
                arguments("effective none", now.withSets(all, all, 0, 0, 0)),
                arguments("permitted a part of bounding", now.withSets(all, SOME, SOME, 0, 0)),
                arguments("permitted beyond bounding", now.withSets(SOME, SOME | OTHER, OTHER, 0, 0)),
                arguments("bounding none", now.withSets(0, SOME, SOME, 0, 0)),
                arguments("inheritable beyond permitted", now.withSets(all, SOME, SOME, OTHER, 0)),
                arguments("inheritable beyond bounding", now.withSets(0, SOME, SOME, OTHER, 0)),
                arguments("inheritable alone", now.withSets(0, 0, 0, SOME, 0)),
                arguments("ambient", now.withSets(SOME, SOME, SOME, SOME, SOME)),
                arguments("ambient a part of inheritable", now.withSets(all, all, 0, SOME | OTHER, OTHER)),
                arguments("ambient beyond bounding and effective", now.withSets(0, SOME, 0, SOME, SOME)),
                arguments("Docker's", now.withSets(docker, docker, docker, 0, 0)),
                arguments("Docker's before 20.10.14", now.withSets(docker, docker, docker, docker, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void endsWithExactlyTheAskedSets(String row, OutsideStatus asked) {
        try (ObservedChild child = ObservedChild.start(Applies.class, asked.masks(), "self", "65534:65534", "0:0:4", "1000:0")) {
            assertThat(child.at("applied")).as("%s, same identity", row).isEqualTo(asked);
            assertThat(child.at("applied")).as("%s, nobody", row).isEqualTo(asked.as(NOBODY, NOBODY));
            assertThat(child.at("applied")).as("%s, root", row).isEqualTo(asked.as(0, 0, 4L));
            assertThat(child.at("applied")).as("%s, another uid", row).isEqualTo(asked.as(1000, 0));
        }
    }

    @Test
    void startsFromInheritableAndAmbientSetsToo() {
        List<OutsideStatus> asked = rows().map(row -> (OutsideStatus) row.get()[1]).toList();
        try (ObservedChild child =
                ObservedChild.of(AppliesInTurn.class, asked.stream().map(OutsideStatus::masks).toArray(String[]::new))
                        .inheriting("setgid,kill,sys_chroot", "setgid,kill").start()) {
            assertThat(child.start().ambient()).isEqualTo(CapMasks.SETGID | CapMasks.KILL);
            for (OutsideStatus row : asked) {
                assertThat(child.at("same identity")).isEqualTo(row);
                assertThat(child.at("nobody")).isEqualTo(row.as(NOBODY, NOBODY));
            }
        }
    }

    @Test
    void setsNoNewPrivsOnlyWhenAsked() {
        OutsideStatus asked = OutsideStatus.mine().withSets(SOME, SOME, SOME, SOME, SOME);
        try (ObservedChild child = ObservedChild.start(AppliesWithNoNewPrivileges.class, asked.masks(), "65534:65534")) {
            assertThat(child.at("with")).isEqualTo(asked.as(NOBODY, NOBODY).withNoNewPrivs());
            assertThat(child.at("with, without an identity")).isEqualTo(asked.withNoNewPrivs());
            assertThat(child.at("without")).isEqualTo(asked.as(NOBODY, NOBODY));
        }
    }

    @Test
    void needsNoSetpcapWhenBoundingStays() {
        long held = CapMasks.KILL | CapMasks.SETUID | CapMasks.SETGID;
        long bounding = OutsideStatus.mine().bounding();
        String masks = OutsideStatus.mine().withSets(bounding, held, CapMasks.KILL, held, CapMasks.KILL).masks();
        try (ObservedChild child = ObservedChild.of(Applies.class, masks, "self", "1000:1000").asNobodyWith("kill,setuid,setgid")
                .start()) {
            OutsideStatus asked = child.start().withSets(bounding, held, CapMasks.KILL, held, CapMasks.KILL);
            assertThat(child.start().effective()).isEqualTo(held);
            assertThat(child.at("applied")).isEqualTo(asked);
            assertThat(child.at("applied")).isEqualTo(asked.as(1000, 1000));
        }
    }
}
