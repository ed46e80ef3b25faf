package nucleus.caps.internal.plan;

import static nucleus.caps.Capability.CAP_SETGID;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.Capability.CAP_SETUID;
import static nucleus.caps.SecureBit.KEEP_CAPS;
import static nucleus.caps.SecureBit.NO_CAP_AMBIENT_RAISE;
import static nucleus.caps.SecureBit.NO_SETUID_FIXUP;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.List;
import java.util.function.Predicate;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Effects;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.Refusal;
import nucleus.caps.internal.rules.Rules;
import nucleus.caps.internal.rules.UidFixup;
import nucleus.caps.internal.sys.Errno;

/**
 * The only class that knows the order of the changes. It makes one plan that leads every thread from its state to the
 * target. If a thread cannot get there, it refuses and nothing has changed.
 *
 * <p>The plan has this order. It raises the needed capabilities that are permitted. It adds to inheritable while bounding
 * still allows it, drops from bounding while CAP_SETPCAP is effective, and switches the identity while CAP_SETGID and
 * CAP_SETUID are effective. Ambient and securebits follow. The last capset narrows the sets, and no_new_privs ends the plan.
 * KEEPCAPS is on only from the identity switch to the end.
 */
public final class Planner {

    /** Securebits that hinder no later change. A kernel that does not know one refuses it before anything has changed. */
    private static final int UNHINDERING = ~0xff;

    private final Rules rules;
    private final Target target;
    private final Draft draft;

    private Planner(Rules rules, Target target, List<ThreadStatus> threads) {
        this.rules = rules;
        this.target = target;
        draft = new Draft(rules, target, threads);
    }

    /**
     * {@return the plan; empty if every thread is at its end}
     *
     * @throws Refusal.Refused if a thread cannot reach its end
     */
    public static Plan plan(Rules rules, Target target, List<ThreadStatus> threads) {
        Planner planner = new Planner(rules, target, threads);
        planner.demand();
        planner.fill();
        return planner.draft.plan();
    }

    /** The securebits to write before the identity switch: all of them, or only the harmless ones if they would hinder it. */
    static SecureBits early(SecureBits now, SecureBits wish, boolean hindered) {
        int early = wish.contains(NO_CAP_AMBIENT_RAISE) ? UNHINDERING
                : UNHINDERING | SecureBits.of(NO_CAP_AMBIENT_RAISE).bits();
        return hindered ? new SecureBits((now.bits() & ~early) | (wish.bits() & early)) : wish;
    }

    /** Refuses a target that cannot be reached, and names the missing capabilities. It never settles for less. */
    private void demand() {
        for (Course course : draft.courses()) {
            Credentials now = course.now();
            Credentials end = course.end();
            CapabilitySet gain = now.get(PERMITTED).contains(CAP_SETPCAP)
                    ? now.get(BOUNDING) : now.get(BOUNDING).intersect(now.get(PERMITTED));
            within(course, target.keep(), now.get(PERMITTED), "capset", "a kept capability must be in the permitted set");
            within(course, target.keep(), now.get(BOUNDING), "capset", "a kept capability must be in the bounding set");
            within(course, BOUNDING, now.get(BOUNDING), "prctl(PR_CAPBSET_DROP)", "nothing can be added to bounding");
            within(course, PERMITTED, now.get(PERMITTED), "capset", "nothing can be added to permitted");
            within(course, EFFECTIVE, end.get(PERMITTED), "capset", "effective must be a subset of permitted");
            within(course, INHERITABLE, now.get(INHERITABLE).union(gain), "capset",
                    "a capability added to inheritable must be in bounding (without CAP_SETPCAP, also in permitted)");
            within(course, AMBIENT, end.get(PERMITTED), "prctl(PR_CAP_AMBIENT)", "ambient must be a subset of permitted");
            within(course, AMBIENT, end.get(INHERITABLE), "prctl(PR_CAP_AMBIENT)", "ambient must be a subset of inheritable");
        }
    }

    private void within(Course course, SetKind kind, CapabilitySet limit, String syscall, String rule) {
        within(course, course.end().get(kind), limit, syscall, rule);
    }

    private void within(Course course, CapabilitySet wish, CapabilitySet limit, String syscall, String rule) {
        if (!limit.containsAll(wish)) {
            throw draft.refused(course, new Refusal(syscall, Errno.EPERM, rule + ", which lacks " + wish.minus(limit)));
        }
    }

    private void fill() {
        draft.raise(this::needed);
        if (draft.some(course -> bitsDiffer(course) && !early(course).equals(UidFixup.bits(course.now())))) {
            draft.common(this::early).ifPresent(bits -> draft.add(new Change.SetSecureBits(bits)));
        }
        if (draft.some(course -> !gained(course, INHERITABLE).isEmpty())) {
            draft.inheritable();
        }
        draft.add(new Change.DropBounding(draft.union(course -> lost(course, BOUNDING))));
        identity();
        draft.add(new Change.LowerAmbient(draft.union(course -> lost(course, AMBIENT)
                .intersect(course.end().get(PERMITTED)).intersect(course.end().get(INHERITABLE)))));
        draft.add(new Change.RaiseAmbient(draft.union(course -> gained(course, AMBIENT))));
        if (draft.some(Planner::bitsDiffer)) {
            draft.raise(course -> bitsDiffer(course) ? CapabilitySet.of(CAP_SETPCAP) : CapabilitySet.NONE);
            draft.add(new Change.SetSecureBits(draft.common(course -> UidFixup.bits(course.end())).orElseThrow()));
        }
        draft.narrow();
        if (draft.some(course -> course.end().noNewPrivs())) {
            draft.add(new Change.NoNewPrivs());
        }
        draft.endKeepCaps();
    }

    /** Groups, then gid, then uid. A thread whose kept capabilities the switch would clear needs KEEPCAPS meanwhile. */
    private void identity() {
        if (target.identity().isEmpty()) {
            return;
        }
        Identity identity = target.identity().get();
        Predicate<Course> carries = course -> UidFixup.isLeftBy(course.now(), identity.uid())
                && !course.end().get(PERMITTED).isEmpty();
        if (draft.some(course -> carries.test(course) && UidFixup.bits(course.now()).locks(KEEP_CAPS)
                && UidFixup.bits(course.end()).contains(NO_SETUID_FIXUP))) {
            draft.common(course -> UidFixup.bits(course.now()).with(NO_SETUID_FIXUP))
                    .ifPresent(bits -> draft.add(new Change.SetSecureBits(bits)));
        }
        if (draft.some(carries)) {
            draft.add(new Change.KeepCaps(true), carries.and(course -> !UidFixup.keepsCaps(course.now())));
        } else {
            draft.add(new Change.KeepCaps(false), course -> UidFixup.keepsCaps(course.now()));
        }
        draft.add(new Change.SetGroups(identity.groups()));
        draft.add(new Change.SetGid(identity.gid()));
        draft.add(new Change.SetUid(identity.uid()));
    }

    /** The capabilities that the calls for this thread need in its effective set. */
    private CapabilitySet needed(Course course) {
        Credentials now = course.now();
        boolean pcap = !lost(course, BOUNDING).isEmpty()
                || (bitsDiffer(course) && Rules.needsPrivilege(UidFixup.bits(now), UidFixup.bits(course.end())))
                || !now.get(PERMITTED).containsAll(gained(course, INHERITABLE));
        Identity identity = target.identity().orElse(null);
        boolean gid = identity != null && (changes(now, new Change.SetGroups(identity.groups()))
                || changes(now, new Change.SetGid(identity.gid())));
        boolean uid = identity != null && changes(now, new Change.SetUid(identity.uid()));
        return one(pcap, CAP_SETPCAP).union(one(gid, CAP_SETGID)).union(one(uid, CAP_SETUID));
    }

    private boolean changes(Credentials now, Change change) {
        return rules.mayDifferUnseen(change) || !Effects.after(now, change).equals(now);
    }

    private static CapabilitySet one(boolean needed, Capability capability) {
        return needed ? CapabilitySet.of(capability) : CapabilitySet.NONE;
    }

    private SecureBits early(Course course) {
        boolean keepsAcross = UidFixup.isLeftBy(course.now(), uid(course)) && !course.end().get(PERMITTED).isEmpty();
        boolean hindered = keepsAcross || !gained(course, AMBIENT).isEmpty();
        return early(UidFixup.bits(course.now()), UidFixup.bits(course.end()), hindered);
    }

    private static long uid(Course course) {
        return course.end().uids().effective();
    }

    /** Ignores a KEEPCAPS that only has to go off: PR_SET_KEEPCAPS needs no privilege. */
    private static boolean bitsDiffer(Course course) {
        SecureBits now = UidFixup.bits(course.now());
        SecureBits end = UidFixup.bits(course.end());
        return !(end.contains(KEEP_CAPS) ? now : now.without(KEEP_CAPS)).equals(end);
    }

    private static CapabilitySet lost(Course course, SetKind kind) {
        return course.now().get(kind).minus(course.end().get(kind));
    }

    private static CapabilitySet gained(Course course, SetKind kind) {
        return course.end().get(kind).minus(course.now().get(kind));
    }

}
