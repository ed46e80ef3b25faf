package nucleus.caps.internal.launch;

import static nucleus.caps.Capability.CAP_CHOWN;
import static nucleus.caps.Capability.CAP_KILL;
import static nucleus.caps.Capability.CAP_NET_BIND_SERVICE;
import static nucleus.caps.Capability.CAP_SETUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.internal.rules.Refusal;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.VfsCapData;
import org.junit.jupiter.api.Test;

/** The rules of capabilities(7), "Transformation of capabilities during execve()", one by one. */
class ExecveTest {

    private static final CapabilitySet NONE = CapabilitySet.NONE;
    private static final CapabilitySet CHOWN = CapabilitySet.of(CAP_CHOWN);
    private static final CapabilitySet KILL = CapabilitySet.of(CAP_KILL);
    private static final CapabilitySet BIND = CapabilitySet.of(CAP_NET_BIND_SERVICE);
    private static final CapabilitySet BOUNDING = CapabilitySet.of(CAP_CHOWN, CAP_KILL, CAP_NET_BIND_SERVICE);
    private static final long USER = 1000;
    private static final long GROUP = 2000;

    /** A user with chown inheritable, bind permitted and inheritable, and an ambient set. */
    private static Credentials user(CapabilitySet ambient) {
        return new Credentials(new CapabilitySets(BOUNDING, BIND, NONE, CHOWN.union(BIND), ambient), Ids.all(USER),
                Ids.all(USER), List.of(USER, GROUP), false, Optional.of(SecureBits.NONE));
    }

    private static Credentials root(CapabilitySet ambient) {
        return user(ambient).withUids(Ids.all(0)).withGids(Ids.all(0));
    }

    private static ProgramFile file(Long setUid, Long setGid, VfsCapData capabilities) {
        return new ProgramFile(Path.of("/program"), Optional.ofNullable(setUid), Optional.ofNullable(setGid),
                Optional.ofNullable(capabilities));
    }

    private static ProgramFile with(VfsCapData capabilities) {
        return file(null, null, capabilities);
    }

    private static CapabilitySets sets(CapabilitySet permitted, CapabilitySet effective, CapabilitySet ambient) {
        return new CapabilitySets(BOUNDING, permitted, effective, CHOWN.union(BIND), ambient);
    }

    private static CapabilitySets after(Credentials old, ProgramFile file) {
        return Execve.after(old, file).sets();
    }

    @Test
    void aUserKeepsWhatIsAmbientAndNothingElse() {
        assertThat(Execve.plain(user(BIND)).sets()).isEqualTo(sets(BIND, BIND, BIND));
        assertThat(Execve.plain(user(NONE)).sets()).isEqualTo(sets(NONE, NONE, NONE));
    }

    @Test
    void rootGetsTheBoundingSetAndWhatIsInheritable() {
        Credentials more = root(NONE).with(root(NONE).sets().with(SetKind.INHERITABLE,
                CapabilitySet.of(CAP_SETUID)));
        assertThat(after(root(NONE), with(null))).isEqualTo(sets(BOUNDING, BOUNDING, NONE));
        assertThat(after(more, with(null)).permitted()).isEqualTo(BOUNDING.union(CapabilitySet.of(CAP_SETUID)));
    }

    @Test
    void underNorootRootIsAUser() {
        Credentials noroot = root(BIND).with(SecureBits.of(SecureBit.NOROOT));
        assertThat(after(noroot, with(null))).isEqualTo(sets(BIND, BIND, BIND));
        assertThat(after(user(NONE).with(SecureBits.of(SecureBit.NOROOT)), file(0L, null, null)))
                .isEqualTo(sets(NONE, NONE, NONE));
    }

    @Test
    void rootThatIsOnlyRealIsPermittedEverythingAndHasNothingEffective() {
        Credentials real = user(NONE).withUids(new Ids(0, USER, USER, USER));
        assertThat(after(real, with(null))).isEqualTo(sets(BOUNDING, NONE, NONE));
    }

    @Test
    void underNoNewPrivsNothingIsGained() {
        assertThat(after(root(NONE).withNoNewPrivs(true), with(null))).isEqualTo(sets(BIND, BIND, NONE));
        Credentials then = Execve.after(user(BIND).withNoNewPrivs(true), file(0L, 0L, null));
        assertThat(then).isEqualTo(user(BIND).withNoNewPrivs(true).with(sets(BIND, BIND, BIND)));
    }

    @Test
    void aSetUserIdRootProgramMakesRoot() {
        Credentials then = Execve.after(user(BIND), file(0L, null, null));
        assertThat(then.uids()).isEqualTo(new Ids(USER, 0, 0, 0));
        assertThat(then.gids()).isEqualTo(Ids.all(USER));
        assertThat(then.sets()).isEqualTo(sets(BOUNDING, BOUNDING, NONE));
    }

    @Test
    void aSetUserIdProgramOfAnotherUserClearsAmbient() {
        Credentials then = Execve.after(user(BIND), file(7L, null, null));
        assertThat(then.uids()).isEqualTo(new Ids(USER, 7, 7, 7));
        assertThat(then.sets()).isEqualTo(sets(NONE, NONE, NONE));
    }

    @Test
    void aSetGroupIdProgramClearsAmbient() {
        Credentials then = Execve.after(user(BIND), file(null, 7L, null));
        assertThat(then.gids()).isEqualTo(new Ids(USER, 7, 7, 7));
        assertThat(then.uids()).isEqualTo(Ids.all(USER));
        assertThat(then.sets()).isEqualTo(sets(NONE, NONE, NONE));
    }

    @Test
    void aProgramOfOnesOwnIdLeavesAmbient() {
        assertThat(after(user(BIND), file(USER, USER, null))).isEqualTo(sets(BIND, BIND, BIND));
    }

    @Test
    void aFileGivesWhatIsInTheBoundingSetAndWhatIsInheritable() {
        VfsCapData idle = new VfsCapData(KILL.union(CapabilitySet.of(CAP_SETUID)), CHOWN.union(KILL), false, 0);
        assertThat(after(user(BIND), with(idle))).isEqualTo(sets(KILL.union(CHOWN), NONE, NONE));
        assertThat(after(user(BIND), with(new VfsCapData(KILL, NONE, true, 0)))).isEqualTo(sets(KILL, KILL, NONE));
    }

    @Test
    void aFileThatMustGetWhatTheBoundingSetLacksIsRefusedToRootAsWell() {
        ProgramFile file = with(new VfsCapData(CapabilitySet.of(CAP_KILL, CAP_SETUID), NONE, true, 0));
        for (Credentials old : List.of(user(NONE), root(NONE))) {
            assertThatThrownBy(() -> Execve.after(old, file)).isInstanceOfSatisfying(Refusal.Refused.class,
                    e -> assertThat(e.refusal()).isEqualTo(new Refusal("execve(/program)", Errno.EPERM, "the file has"
                            + " capabilities that it must get, and the bounding set lacks cap_setuid")));
        }
    }

    @Test
    void capabilitiesOfAFileDoNotLimitRoot() {
        assertThat(after(root(NONE), with(new VfsCapData(KILL, NONE, false, 0))))
                .isEqualTo(sets(BOUNDING, BOUNDING, NONE));
    }

    @Test
    void aSetUserIdRootProgramWithCapabilitiesGivesNoMoreThanThese() {
        assertThat(after(user(NONE), file(0L, null, new VfsCapData(KILL, NONE, true, 0))))
                .isEqualTo(sets(KILL, KILL, NONE));
        assertThat(after(user(NONE), file(0L, null, new VfsCapData(KILL, NONE, false, 0))))
                .isEqualTo(sets(KILL, NONE, NONE));
    }

    @Test
    void whatDependsOnTheKernelIsRefused() {
        assertThatThrownBy(() -> Execve.after(user(BIND), file(null, GROUP, null)))
                .isInstanceOfSatisfying(Refusal.Refused.class, e -> assertThat(e.refusal().syscall())
                        .isEqualTo("execve(/program)"))
                .hasMessageStartingWith("whether ambient survives");
    }

    @Test
    void nothingDependsOnTheKernelUnlessAmbientMayBeLost() {
        VfsCapData some = new VfsCapData(KILL, NONE, false, 0);
        assertThat(after(user(NONE), file(null, GROUP, null)).ambient()).isEqualTo(NONE);
        assertThat(after(user(BIND), file(7L, GROUP, null)).ambient()).isEqualTo(NONE);
        assertThat(after(user(BIND), file(null, GROUP, some)).ambient()).isEqualTo(NONE);
        assertThat(after(user(BIND), file(null, USER, some)).ambient()).isEqualTo(NONE);
        assertThat(after(user(BIND).withNoNewPrivs(true), file(null, GROUP, null)).ambient()).isEqualTo(BIND);
    }

    @Test
    void keepCapsGoesOff() {
        SecureBits keep = SecureBits.of(SecureBit.KEEP_CAPS, SecureBit.NO_SETUID_FIXUP);
        assertThat(Execve.plain(user(NONE).with(keep)).secureBits())
                .contains(SecureBits.of(SecureBit.NO_SETUID_FIXUP));
    }
}
