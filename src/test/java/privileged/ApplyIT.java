package privileged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static privileged.Bits.NOBODY;

import java.util.List;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import nucleus.caps.Options;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code apply} ends with exactly the asked five sets, whoever the thread becomes. */
@Privileged
class ApplyIT {

    private static final long SOME = Bits.SETGID | Bits.NET_RAW;
    private static final long OTHER = Bits.SYS_CHROOT;

    /** In one JVM, on a new thread for each identity; the last word is what was said about no_new_privs. */
    static final class Applies implements Scenario {
        @Override
        public void run(Points points, String... args) throws Exception {
            for (int i = 1; i < args.length; i++) {
                String ids = args[i];
                Points.onNewThread(() -> {
                    Phase.Initial initial = Caps.begin(Scope.THREAD);
                    if (ids.equals("self")) {
                        initial.apply(Args.sets(args[0]));
                    } else {
                        initial.apply(Args.sets(args[0]), Args.identity(ids));
                    }
                    points.at("applied");
                });
            }
        }
    }

    /** All rows in one JVM. */
    static final class AppliesInTurn implements Scenario {
        @Override
        public void run(Points points, String... args) throws Exception {
            for (String masks : args) {
                Points.onNewThread(() -> {
                    Caps.begin(Scope.THREAD).apply(Args.sets(masks));
                    points.at("same identity");
                });
                Points.onNewThread(() -> {
                    Caps.begin(Scope.THREAD).apply(Args.sets(masks), Args.identity("65534:65534"));
                    points.at("nobody");
                });
            }
        }
    }

    static final class AppliesWithNoNewPrivs implements Scenario {
        @Override
        public void run(Points points, String... args) throws Exception {
            Points.onNewThread(() -> {
                Caps.begin(Scope.THREAD, Options::withNoNewPrivs).apply(Args.sets(args[0]), Args.identity(args[1]));
                points.at("with");
            });
            Points.onNewThread(() -> {
                Caps.begin(Scope.THREAD, Options::withNoNewPrivs).apply(Args.sets(args[0]));
                points.at("with, without an identity");
            });
            Points.onNewThread(() -> {
                Caps.begin(Scope.THREAD, Options::allowNewPrivileges).apply(Args.sets(args[0]), Args.identity(args[1]));
                points.at("without");
            });
        }
    }

    static Stream<Arguments> rows() {
        OutsideStatus now = OutsideStatus.mine();
        long all = now.permitted();
        long docker = Bits.DOCKER & all;
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
        try (Held child = Held.start(Applies.class, asked.masks(), "self", "65534:65534", "0:0:4", "1000:0")) {
            assertThat(child.at("applied")).as("%s, same identity", row).isEqualTo(asked);
            assertThat(child.at("applied")).as("%s, nobody", row).isEqualTo(asked.as(NOBODY, NOBODY));
            assertThat(child.at("applied")).as("%s, root", row).isEqualTo(asked.as(0, 0, 4L));
            assertThat(child.at("applied")).as("%s, another uid", row).isEqualTo(asked.as(1000, 0));
        }
    }

    @Test
    void startsFromInheritableAndAmbientSetsToo() {
        List<OutsideStatus> asked = rows().map(row -> (OutsideStatus) row.get()[1]).toList();
        try (Held child = Held.of(AppliesInTurn.class, asked.stream().map(OutsideStatus::masks).toArray(String[]::new))
                .inheriting("setgid,kill,sys_chroot", "setgid,kill").start()) {
            assertThat(child.start().ambient()).isEqualTo(Bits.SETGID | Bits.KILL);
            for (OutsideStatus row : asked) {
                assertThat(child.at("same identity")).isEqualTo(row);
                assertThat(child.at("nobody")).isEqualTo(row.as(NOBODY, NOBODY));
            }
        }
    }

    @Test
    void setsNoNewPrivsOnlyWhenAsked() {
        OutsideStatus asked = OutsideStatus.mine().withSets(SOME, SOME, SOME, SOME, SOME);
        try (Held child = Held.start(AppliesWithNoNewPrivs.class, asked.masks(), "65534:65534")) {
            assertThat(child.at("with")).isEqualTo(asked.as(NOBODY, NOBODY).withNoNewPrivs());
            assertThat(child.at("with, without an identity")).isEqualTo(asked.withNoNewPrivs());
            assertThat(child.at("without")).isEqualTo(asked.as(NOBODY, NOBODY));
        }
    }

    @Test
    void needsNoSetpcapWhereBoundingStaysAndInheritableIsPermitted() {
        long held = Bits.KILL | Bits.SETUID | Bits.SETGID;
        long bounding = OutsideStatus.mine().bounding();
        String masks = OutsideStatus.mine().withSets(bounding, held, Bits.KILL, held, Bits.KILL).masks();
        try (Held child = Held.of(Applies.class, masks, "self", "1000:1000").asNobodyWith("kill,setuid,setgid")
                .start()) {
            OutsideStatus asked = child.start().withSets(bounding, held, Bits.KILL, held, Bits.KILL);
            assertThat(child.start().effective()).isEqualTo(held);
            assertThat(child.at("applied")).isEqualTo(asked);
            assertThat(child.at("applied")).isEqualTo(asked.as(1000, 1000));
        }
    }
}
