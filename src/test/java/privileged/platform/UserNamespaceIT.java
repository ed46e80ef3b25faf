package privileged.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.Smoke;
import privileged.harness.Thrown;

/** Inside a user namespace not every id can be had, and not every id that is shown is one. */
@Privileged
@Requires(Requirement.USER_NAMESPACES)
@Smoke
class UserNamespaceIT {

    /** Of ids that a namespace with 65,536 of them has, too. */
    private static final String MAP = "0 10000 50000\n65534 60000 1\n";

    static final class Tries implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            points.threw(() -> initial.drop(ChildArguments.identity(args[0])));
            points.at("refused");
        }
    }

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD).drop(ChildArguments.identity(args[0]));
            points.at("dropped");
        }
    }

    /** Becomes whom it is already, with the groups that it has. */
    static final class StaysWhoItIs implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            ThreadStatus now = Caps.thread();
            Caps.begin(Scope.THREAD).drop(new Identity(now.uids().real(), now.gids().real(), now.groups()));
            points.at("dropped");
        }
    }

    static final class TriesOnceMapped implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.at("mapped");
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            points.threw(() -> initial.drop(ChildArguments.identity(args[0])));
            points.at("refused");
        }
    }

    private static void map(ObservedChild child) throws IOException {
        for (String map : List.of("uid_map", "gid_map")) {
            Files.writeString(Path.of("/proc", Long.toString(child.process()), map), MAP);
        }
    }

    private static long outside(long id) {
        return id == NOBODY ? 60_000 : 10_000 + id;
    }

    private static ChildCommand rootOnly(Class<? extends ChildScenario> scenario, String... args) {
        return ObservedChild.of(scenario, args).through("unshare", "--user", "--map-root-user");
    }

    @Test
    void refusesOtherGroupsWhenSetgroupsIsDenied() {
        try (ObservedChild child = rootOnly(Tries.class, "0:0:0").through("setpriv", "--clear-groups").start()) {
            Thrown thrown = child.threw();
            assertThat(thrown.type()).isEqualTo("CapsException");
            assertThat(thrown.message()).isEqualTo("setgroups([0]): EPERM: /proc/self/setgroups of this user namespace contains"
                    + " deny, so these groups cannot be changed: []");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    @Test
    void refusesNoGroupsWhenSetgroupsIsDenied() {
        try (ObservedChild child = rootOnly(Tries.class, "0:0").through("setpriv", "--groups", "4,27").start()) {
            Thrown thrown = child.threw();
            assertThat(thrown.errnoName()).isEqualTo("EPERM");
            assertThat(thrown.message()).startsWith("setgroups([])").endsWith("these groups cannot be changed: [65534]");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "'4,27'", "'0'"})
    void acceptsEqualGroupsWhenSetgroupsIsDenied(String groups) {
        String[] before = groups.isEmpty() ? new String[] {"setpriv", "--clear-groups"}
                : new String[] {"setpriv", "--groups", groups};
        try (ObservedChild child = rootOnly(StaysWhoItIs.class).through(before).start()) {
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).withNoNewPrivs());
        }
    }

    @ParameterizedTest
    @CsvSource({"1000:0, 'setresuid(1000, 1000, 1000)'", "0:1000, 'setresgid(1000, 1000, 1000)'",
        "65534:65534, 'setresgid(65534, 65534, 65534)'"})
    void refusesAnUnmappedId(String ids, String syscall) {
        try (ObservedChild child = rootOnly(Tries.class, ids).through("setpriv", "--clear-groups").start()) {
            Thrown thrown = child.threw();
            assertThat(thrown.type()).isEqualTo("CapsException");
            assertThat(thrown.syscall()).isEqualTo(syscall);
            assertThat(thrown.errnoName()).isEqualTo("EINVAL");
            assertThat(thrown.message()).endsWith(" is not mapped in this user namespace");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    @ParameterizedTest
    @CsvSource({"1000:1000", "0:0", "1000:1000:4"})
    void refusesEveryIdWithoutAMapping(String ids) {
        try (ObservedChild child = ObservedChild.of(Tries.class, ids).through("unshare", "--user", "--keep-caps")
                .through("setpriv", "--clear-groups").start()) {
            Thrown thrown = child.threw();
            assertThat(thrown.type()).isEqualTo("CapsException");
            OutsideStatus after = child.at("refused");
            assertThat(after).as(thrown.message()).isEqualTo(child.start());
            assertThat(thrown.changed()).isFalse();
        }
    }

    @Test
    void mappedIdsAndGroupsAreSwitchedTo() throws IOException {
        switchesTo("1000:1001:4", 1000, 1001, 4);
    }

    /** Unmapped ids are shown as 65534: one that is asked for is not there because it is shown. */
    @Test
    void switchesToNobodyWhenItStandsForAnUnmappedId() throws IOException {
        switchesTo("65534:65534", NOBODY, NOBODY);
    }

    @Test
    void switchesToAGroupThatStandsForAnUnmappedOne() throws IOException {
        switchesTo("1000:1000:65534", 1000, 1000, NOBODY);
    }

    /** The kernel would refuse it: the id that is shown is not the thread's own. */
    @Test
    void refusesNobodyWithoutSetuid() throws IOException {
        try (ObservedChild child =
                ObservedChild.of(TriesOnceMapped.class, "65534:65534").through("setpriv", "--inh-caps", "-setuid",
                        "--ambient-caps", "-setuid").through("unshare", "--user", "--keep-caps").start()) {
            map(child);
            OutsideStatus mapped = child.at("mapped");
            Thrown thrown = child.threw();
            assertThat(thrown.syscall()).isEqualTo("setresuid(65534, 65534, 65534)");
            assertThat(thrown.errnoName()).isEqualTo("EPERM");
            OutsideStatus after = child.at("refused");
            assertThat(after).as(thrown.message()).isEqualTo(mapped);
            assertThat(thrown.changed()).isFalse();
        }
    }

    /** The child's own ids, 0 outside, have no mapping. */
    private static void switchesTo(String ids, long uid, long gid, long... groups) throws IOException {
        try (ObservedChild child = ObservedChild.of(Drops.class, ids).through("unshare", "--user", "--keep-caps")
                .through("setpriv", "--groups", "27").start()) {
            map(child);
            OutsideStatus end = child.start().holdingOnly(0).withNoNewPrivs().as(outside(uid), outside(gid));
            assertThat(child.at("dropped")).isEqualTo(groups.length == 0 ? end : end.withGroups(outside(groups[0])));
        }
    }
}
