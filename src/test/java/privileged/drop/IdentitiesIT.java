package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.util.stream.LongStream;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.Syscalls;

/** Ids at the ends of their range, and threads whose four ids differ. */
@Privileged
class IdentitiesIT {

    private static final long KEPT = CapMasks.KILL | CapMasks.SETUID;
    private static final CapabilitySet KEEP = CapabilitySet.of(Capability.CAP_KILL, Capability.CAP_SETUID);

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD).dropExcept(KEEP, ChildArguments.identity(args[0]));
            points.at("dropped");
        }
    }

    static final class JoinsManyGroups implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            long[] groups = LongStream.range(0, Integer.parseInt(args[0])).toArray();
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSet();
            bounded.switchIdentity(Identity.of(NOBODY, NOBODY, groups)).finalizeDrop();
            points.at("dropped");
        }
    }

    /** Started with an effective uid that is not 0, it has nothing effective until it raises it. */
    static final class RaisesAndDrops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            ThreadCaps caps = Caps.thisThread();
            caps.set(SetKind.EFFECTIVE, caps.read(SetKind.PERMITTED));
            points.at("raised");
            Caps.begin(Scope.THREAD).dropExcept(KEEP, ChildArguments.identity(args[0]));
            points.at("dropped");
        }
    }

    /** Its file system uid differs. */
    static final class DropsWithFsuid implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            Syscalls.setfsuid(1000);
            points.at("differs");
            if (args.length == 0) {
                initial.dropExcept(KEEP);
            } else {
                initial.dropExcept(KEEP, ChildArguments.identity(args[0]));
            }
            points.at("dropped");
        }
    }

    @Test
    @Requires(Requirement.ALL_IDS)
    void theLargestIdsAreIds() throws IOException {
        try (ObservedChild child = ObservedChild.start(Drops.class, "4294967294:4294967293:4294967294:2147483648")) {
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(KEPT)
                    .as(4294967294L, 4294967293L, 2147483648L, 4294967294L).withNoNewPrivs());
        }
    }

    @Test
    void joinsTheMostGroupsThereCanBe() {
        try (ObservedChild child = ObservedChild.start(JoinsManyGroups.class, Integer.toString(Identity.MAX_GROUPS))) {
            OutsideStatus end = child.at("dropped");
            assertThat(end.groups()).hasSize(65536).startsWith(0L).endsWith(65_535L);
            assertThat(end.withGroups()).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
    }

    @ParameterizedTest
    @CsvSource({"65534:65533, 65534, 65533", "0:0, 0, 0", "1000:1000, 1000, 1000"})
    void idsThatDifferBecomeOne(String ids, long uid, long gid) {
        try (ObservedChild child = ObservedChild.of(RaisesAndDrops.class, ids).through("setpriv", "--ruid", "0", "--euid", "1000",
                "--rgid", "0", "--egid", "1001", "--clear-groups").start()) {
            assertThat(child.start().uids()).containsExactly(0L, 1000L, 1000L, 1000L);
            assertThat(child.start().gids()).containsExactly(0L, 1001L, 1001L, 1001L);
            assertThat(child.start().effective()).isZero();
            assertThat(child.at("raised")).isEqualTo(child.start().withEffective(child.start().permitted()));
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(KEPT).as(uid, gid).withNoNewPrivs());
        }
    }

    @ParameterizedTest
    @CsvSource({"65534:65533, 65534, 65533", "0:0, 0, 0", "1000:1000, 1000, 1000"})
    void theFileSystemUidIsOneOfThem(String ids, long uid, long gid) {
        try (ObservedChild child = ObservedChild.start(DropsWithFsuid.class, ids)) {
            assertThat(child.at("differs").uids()).containsExactly(0L, 0L, 0L, 1000L);
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(KEPT).as(uid, gid).withNoNewPrivs());
        }
    }

    @Test
    void withoutAnIdentityTheIdsStayAsTheyDiffer() {
        try (ObservedChild child = ObservedChild.start(DropsWithFsuid.class)) {
            assertThat(child.at("differs").uids()).containsExactly(0L, 0L, 0L, 1000L);
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(KEPT).withUids(0, 0, 0, 1000).withNoNewPrivs());
        }
    }
}
