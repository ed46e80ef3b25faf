package nucleus.caps.internal.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.rules.UserNamespace;

/**
 * The credentials of a thread as the kernel keeps them, written after security/commoncap.c and not after the rules
 * and effects that the library computes with: what is tested must not be its own measure. Answers 0 or an errno.
 */
public final class FakeThread {

    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int SETGID = 6;
    private static final int SETUID = 7;
    private static final int SETPCAP = 8;
    private static final int NO_SETUID_FIXUP = 2;
    private static final int KEEP_CAPS = 4;
    private static final int KEEP_CAPS_LOCKED = 5;
    private static final int NO_CAP_AMBIENT_RAISE = 6;
    private static final int LOCKS = 0xaaa;
    private static final int KNOWN = 0xfff;
    private static final int UNPRIVILEGED = 0xf00;

    private int tid;
    private String name;
    private long b;
    private long p;
    private long e;
    private long i;
    private long a;
    private Ids uids;
    private Ids gids;
    private List<Long> groups;
    private boolean noNewPrivs;
    private int securebits;
    private UserNamespace namespace = UserNamespace.INITIAL;

    public FakeThread(ThreadStatus status) {
        become(status);
    }

    static ThreadStatus root() {
        CapabilitySet held = CapabilitySet.parse("all-cap_sys_resource");
        return new ThreadStatus(4711, "fake", new Credentials(new CapabilitySets(held, held, held, CapabilitySet.NONE,
                CapabilitySet.NONE), Ids.all(0), Ids.all(0), List.of(0L, 4L), false, Optional.of(new SecureBits(0))));
    }

    public void become(ThreadStatus status) {
        tid = status.tid();
        name = status.name();
        b = status.sets().bounding().bits();
        p = status.sets().permitted().bits();
        e = status.sets().effective().bits();
        i = status.sets().inheritable().bits();
        a = status.sets().ambient().bits();
        uids = status.uids();
        gids = status.gids();
        groups = status.groups();
        noNewPrivs = status.noNewPrivs();
        securebits = status.secureBits().orElseThrow().bits();
    }

    public ThreadStatus status() {
        CapabilitySets sets = new CapabilitySets(new CapabilitySet(b), new CapabilitySet(p), new CapabilitySet(e),
                new CapabilitySet(i), new CapabilitySet(a));
        return new ThreadStatus(tid, name, new Credentials(sets, uids, gids, groups, noNewPrivs,
                Optional.of(new SecureBits(securebits))));
    }

    void enter(UserNamespace other) {
        namespace = other;
    }

    public int capset(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) {
        long ne = effective.bits();
        long np = permitted.bits();
        long ni = inheritable.bits();
        boolean mayExceed = capable(SETPCAP);
        if (!mayExceed && !subset(ni, i | p) || !subset(ni, i | b) || !subset(np, p) || !subset(ne, np)) {
            return EPERM;
        }
        e = ne;
        p = np;
        i = ni;
        a &= p & i;
        return 0;
    }

    public int dropBounding(int number) {
        if (!capable(SETPCAP)) {
            return EPERM;
        }
        b &= ~(1L << number);
        return 0;
    }

    public int raiseAmbient(int number) {
        if (!subset(1L << number, p & i) || securebit(NO_CAP_AMBIENT_RAISE)) {
            return EPERM;
        }
        a |= 1L << number;
        return 0;
    }

    public int lowerAmbient(int number) {
        a &= ~(1L << number);
        return 0;
    }

    public int keepCaps(boolean on) {
        if (securebit(KEEP_CAPS_LOCKED)) {
            return EPERM;
        }
        securebits = on ? securebits | 1 << KEEP_CAPS : securebits & ~(1 << KEEP_CAPS);
        return 0;
    }

    public int setSecureBits(int word) {
        int changed = securebits ^ word;
        if (((securebits & LOCKS) >> 1 & changed) != 0 || (securebits & LOCKS & ~word) != 0 || (word & ~KNOWN) != 0) {
            return EPERM;
        }
        if (!capable(SETPCAP) && (changed == 0 || (changed & ~UNPRIVILEGED) != 0)) {
            return EPERM;
        }
        securebits = word;
        return 0;
    }

    public int noNewPrivs() {
        noNewPrivs = true;
        return 0;
    }

    public int setgroups(List<Long> list) {
        if (!capable(SETGID) || !namespace.setgroupsAllowed()) {
            return EPERM;
        }
        if (!list.stream().allMatch(namespace::mapsGid)) {
            return EINVAL;
        }
        groups = list.stream().sorted().toList();
        return 0;
    }

    public int setresgid(long gid) {
        int errno = mayBecome(gid, gids, SETGID, namespace::mapsGid);
        gids = errno == 0 ? Ids.all(gid) : gids;
        return errno;
    }

    public int setresuid(long uid) {
        int errno = mayBecome(uid, uids, SETUID, namespace::mapsUid);
        if (errno == 0) {
            Ids old = uids;
            uids = Ids.all(uid);
            fixUp(old, uid);
        }
        return errno;
    }

    /** cap_emulate_setxuid: what a change of the uids does to the sets. */
    private void fixUp(Ids old, long uid) {
        if (securebit(NO_SETUID_FIXUP)) {
            return;
        }
        boolean wasRoot = old.real() == 0 || old.effective() == 0 || old.saved() == 0;
        if (wasRoot && uid != 0) {
            if (!securebit(KEEP_CAPS)) {
                p = 0;
                e = 0;
            }
            a = 0;
        }
        if (old.effective() == 0 && uid != 0) {
            e = 0;
        }
        if (old.effective() != 0 && uid == 0) {
            e = p;
        }
    }

    private int mayBecome(long id, Ids ids, int capability, LongPredicate mapped) {
        if (!mapped.test(id)) {
            return EINVAL;
        }
        boolean own = id == ids.real() || id == ids.effective() || id == ids.saved();
        return own || capable(capability) ? 0 : EPERM;
    }

    private boolean capable(int number) {
        return (e >>> number & 1) != 0;
    }

    private boolean securebit(int number) {
        return (securebits >>> number & 1) != 0;
    }

    private static boolean subset(long inner, long outer) {
        return (inner & ~outer) == 0;
    }
}
