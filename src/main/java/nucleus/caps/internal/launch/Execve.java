package nucleus.caps.internal.launch;

import static nucleus.caps.SecureBit.NOROOT;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import java.nio.file.Path;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.internal.rules.Refusal;
import nucleus.caps.internal.rules.UidFixup;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.VfsCapData;

/** The credentials after an execve(2): capabilities(7), "Transformation of capabilities during execve()". */
final class Execve {

    private final Credentials old;
    private final ProgramFile file;
    private final long euid;
    private final long egid;

    private Execve(Credentials old, ProgramFile file) {
        this.old = old;
        this.file = file;
        euid = id(file.setUid(), old.uids().effective());
        egid = id(file.setGid(), old.gids().effective());
    }

    /** Under no_new_privs, the set-user-ID and set-group-ID bits have no effect. */
    private long id(Optional<Long> given, long own) {
        return old.noNewPrivs() ? own : given.orElse(own);
    }

    /** The credentials after executing a file without set-ID bits and file capabilities. */
    static Credentials plain(Credentials old) {
        return after(old, ProgramFile.giving(Path.of("/")));
    }

    /** @throws Refusal.Refused if the kernel would refuse execve, or if the result depends on the kernel version */
    static Credentials after(Credentials old, ProgramFile file) {
        return new Execve(old, file).after();
    }

    private Credentials after() {
        boolean otherId = euid != old.uids().real() || egid != old.gids().real();
        CapabilitySet permitted = permitted();
        if (old.noNewPrivs()) {
            permitted = permitted.intersect(old.get(PERMITTED));
        }
        boolean cleared = file.capabilities().isPresent() || otherId;
        requireCertain(cleared);
        CapabilitySet ambient = cleared ? CapabilitySet.NONE : old.get(AMBIENT);
        permitted = permitted.union(ambient);
        CapabilitySet effective = isEffective() ? permitted : ambient;
        Credentials then = old.with(new CapabilitySets(old.get(BOUNDING), permitted, effective, old.get(INHERITABLE), ambient))
                .withUids(new Ids(old.uids().real(), euid, euid, euid))
                .withGids(new Ids(old.gids().real(), egid, egid, egid));
        return UidFixup.withKeepCaps(then, false);
    }

    private CapabilitySet permitted() {
        CapabilitySet given = file.capabilities().map(caps -> old.get(BOUNDING).intersect(caps.permitted())
                .union(old.get(INHERITABLE).intersect(caps.inheritable()))).orElse(CapabilitySet.NONE);
        requireWhole(given); // applies to root as well
        return rootGetsEverything() && (euid == 0 || old.uids().real() == 0)
                ? old.get(BOUNDING).union(old.get(INHERITABLE)) : given;
    }

    /** Not under NOROOT, and not by a set-user-ID-root program that has file capabilities. */
    private boolean rootGetsEverything() {
        boolean becomesRoot = euid == 0 && old.uids().real() != 0;
        return !UidFixup.bits(old).contains(NOROOT) && !(file.capabilities().isPresent() && becomesRoot);
    }

    private boolean isEffective() {
        return (rootGetsEverything() && euid == 0)
                || file.capabilities().map(VfsCapData::effective).orElse(false);
    }

    private void requireWhole(CapabilitySet given) {
        VfsCapData caps = file.capabilities().orElse(null);
        if (caps != null && caps.effective() && !given.containsAll(caps.permitted())) {
            throw new Refusal("execve(" + file.path() + ")", Errno.EPERM, "the file has capabilities"
                    + " that it must get, and the bounding set lacks " + caps.permitted().minus(given)).thrown();
        }
    }

    /** Since Linux 6.17, ambient survives a set-group-ID program of one of the thread's supplementary groups. */
    private void requireCertain(boolean cleared) {
        boolean ownGroup = egid != old.gids().real() && old.groups().contains(egid) && euid == old.uids().real();
        if (cleared && ownGroup && file.capabilities().isEmpty() && !old.get(AMBIENT).isEmpty()) {
            throw new Refusal("execve(" + file.path() + ")", Errno.NONE, "whether ambient survives a"
                    + " set-group-ID program of a group of its own depends on the kernel; ask for no ambient").thrown();
        }
    }
}
