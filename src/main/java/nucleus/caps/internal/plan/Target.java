package nucleus.caps.internal.plan;

import static nucleus.caps.Capability.CAP_SETGID;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.Capability.CAP_SETUID;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials;
import nucleus.caps.Iab;
import nucleus.caps.Identity;
import nucleus.caps.Mode;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.internal.rules.Refusal;
import nucleus.caps.internal.rules.UidFixup;
import nucleus.caps.internal.sys.Errno;

/**
 * The request of one step: the end credentials of a thread, computed from its start credentials. The {@link Planner} finds
 * the way there.
 */
public final class Target {

    private static final String UNPRIVILEGED = "lockUnprivileged() does not need it and clears every set except bounding";
    private static final String SWITCHING =
            "lockUnprivileged(identity) does not need it, switches the identity and clears every set except bounding";
    private static final CapabilitySet FOR_AN_IDENTITY = CapabilitySet.of(CAP_SETGID, CAP_SETUID);

    private final String name;
    private final List<Object> asked;
    private final CapabilitySet keep;
    private final Optional<Identity> identity;
    private final UnaryOperator<Credentials> end;
    private final List<Path> trees;

    private Target(String name, List<Object> asked, UnaryOperator<Credentials> end) {
        this(name, asked, CapabilitySet.NONE, Optional.empty(), end);
    }

    private Target(String name, List<Object> asked, CapabilitySet keep, Optional<Identity> identity,
                   UnaryOperator<Credentials> end) {
        this(name, asked, keep, identity, end, List.of());
    }

    private Target(String name, List<Object> asked, CapabilitySet keep, Optional<Identity> identity,
                   UnaryOperator<Credentials> end, List<Path> trees) {
        this.name = name;
        this.asked = asked;
        this.keep = keep;
        this.identity = identity;
        this.end = end;
        this.trees = trees;
    }

    /** {@return the same target, which first gives these trees of files to its identity} */
    public Target handingOver(List<Path> files) {
        return new Target(name, asked, keep, identity, end, files);
    }

    /** Bounding keeps only the given set. Inheritable and ambient are emptied. The other sets stay for the next step. */
    public static Target dropBounding(CapabilitySet keep, Optional<SecureBits> bits) {
        return new Target(keep.isEmpty() ? "dropBoundingSet" : "dropBoundingSetExcept(" + keep + ")", List.of(keep, bits),
                keep, Optional.empty(), now -> secured(now.with(BOUNDING, keep).with(INHERITABLE, CapabilitySet.NONE)
                        .with(AMBIENT, CapabilitySet.NONE),
                        bits.map(wish -> Planner.early(UidFixup.bits(now), wish, !keep.isEmpty()))));
    }

    /** The given identity, with the kept capabilities only. */
    public static Target switchIdentity(Identity identity, CapabilitySet keep, Optional<SecureBits> bits) {
        return new Target("switchIdentity(" + identity + ")", List.of(identity, keep, bits), keep,
                Optional.of(identity),
                now -> secured(UidFixup.withKeepCaps(now.with(kept(now.get(BOUNDING), keep)).with(identity), false), bits));
    }

    /** A whole drop. Only the kept capabilities are left. */
    public static Target drop(CapabilitySet keep, Optional<Identity> identity, boolean noNewPrivs,
                              Optional<SecureBits> bits) {
        return new Target("drop", List.of(keep, identity, noNewPrivs, bits), keep, identity,
                now -> ended(now.with(kept(keep, keep)), identity, noNewPrivs, bits));
    }

    /** The end of a drop in steps. The identity was switched before: this step verifies it and does not switch again. */
    public static Target finalizeDrop(CapabilitySet keep, Optional<Identity> identity, boolean noNewPrivs,
                                      Optional<SecureBits> bits) {
        return new Target("finalizeDrop", List.of(keep, identity, noNewPrivs, bits), keep, Optional.empty(),
                now -> ended(now.with(kept(keep, keep)), identity, noNewPrivs, bits));
    }

    /** Five explicit sets, as in the last step of a container runtime. */
    public static Target apply(CapabilitySets sets, Optional<Identity> identity, boolean noNewPrivs,
                               Optional<SecureBits> bits) {
        return new Target("apply", List.of(sets, identity, noNewPrivs, bits), CapabilitySet.NONE, identity,
                now -> ended(now.with(sets), identity, noNewPrivs, bits));
    }

    /** The sets that child programs inherit. Permitted and effective stay. */
    public static Target apply(Iab iab, boolean noNewPrivs, Optional<SecureBits> bits) {
        return new Target("apply(" + iab + ")", List.of(iab, noNewPrivs, bits),
                now -> secured(now.with(iab.appliedTo(now.sets())).withNoNewPrivs(noNewPrivs || now.noNewPrivs()), bits));
    }

    /** One of libcap's modes. Clears what libcap clears. */
    public static Target enter(Mode mode, boolean noNewPrivs) {
        return new Target("enter(" + mode + ")", List.of(mode, noNewPrivs), Modes.end(mode, noNewPrivs));
    }

    /** Gives up everything that needs no CAP_SETPCAP: all but the bounding set, which has no effect under no_new_privs. */
    public static Target lockUnprivileged(Optional<Identity> identity, Optional<SecureBits> bits) {
        return new Target("lockUnprivileged", List.of(identity, bits), CapabilitySet.NONE, identity, now -> {
            Credentials end = ended(now.with(kept(now.get(BOUNDING), CapabilitySet.NONE)), identity, true, bits);
            if (end.uids().contains(0)) {
                throw new Refusal("lockUnprivileged", Errno.NONE, "a uid is 0 (" + end.uids()
                        + "); uid 0 owns /proc/sys and /etc even without capabilities; switch the identity first").thrown();
            }
            return end;
        });
    }

    /** One set, and its consequences: effective lies within permitted, ambient within permitted and inheritable. */
    public static Target set(SetKind kind, CapabilitySet set) {
        return new Target("set(" + kind + ", " + set + ")", List.of(kind, set), now -> {
            CapabilitySets then = now.sets().with(kind, set);
            CapabilitySets capped = kind == PERMITTED
                    ? then.with(EFFECTIVE, then.effective().intersect(then.permitted())) : then;
            return now.with(kind == PERMITTED || kind == INHERITABLE ? capped.with(AMBIENT,
                    capped.ambient().intersect(capped.permitted()).intersect(capped.inheritable())) : capped);
        });
    }

    /** The securebits only. */
    public static Target set(SecureBits bits) {
        return new Target("set(" + bits + ")", List.of(bits), now -> now.with(bits));
    }

    /** no_new_privs only. */
    public static Target setNoNewPrivs() {
        return new Target("setNoNewPrivs", List.of(), now -> now.withNoNewPrivs(true));
    }

    /** Exactly the given credentials, independent of the start. The identity is theirs. */
    public static Target exactly(String name, Identity identity, Credentials asked) {
        return new Target(name, List.of(asked), CapabilitySet.NONE, Optional.of(identity), now -> asked);
    }

    /** The same request. Its end is this one for every thread. */
    Target endingAt(Credentials fixed) {
        return new Target(name, asked, keep, identity, _ -> fixed, trees);
    }

    private static CapabilitySets kept(CapabilitySet bounding, CapabilitySet keep) {
        return new CapabilitySets(bounding, keep, keep, CapabilitySet.NONE, CapabilitySet.NONE);
    }

    private static Credentials ended(Credentials now, Optional<Identity> identity, boolean noNewPrivs,
                                     Optional<SecureBits> bits) {
        Credentials switched = identity.isPresent() ? now.with(identity.get()) : now;
        return secured(UidFixup.withKeepCaps(switched, false).withNoNewPrivs(noNewPrivs || now.noNewPrivs()), bits);
    }

    private static Credentials secured(Credentials now, Optional<SecureBits> bits) {
        return bits.isPresent() ? now.with(bits.get()) : now;
    }

    /** {@return the method that the caller used, with its arguments} */
    public String name() {
        return name;
    }

    /** {@return the method that the caller used, without its arguments} */
    public String method() {
        return name.indexOf('(') < 0 ? name : name.substring(0, name.indexOf('('));
    }

    /** {@return the capabilities that the step keeps in bounding, permitted and effective} */
    public CapabilitySet keep() {
        return keep;
    }

    /** {@return the identity to switch to, if the step has one} */
    public Optional<Identity> identity() {
        return identity;
    }

    /** {@return whether the step switches the identity} */
    public boolean switchesIdentity() {
        return identity.isPresent();
    }

    /** {@return the trees of files to give to the identity} */
    public List<Path> trees() {
        return trees;
    }

    /** {@return the credentials at the end of a thread that holds {@code now}} */
    Credentials end(Credentials now) {
        return end.apply(now);
    }

    /** {@return advice for a thread that lacks CAP_SETPCAP, or an empty text} */
    String otherwise(Credentials now) {
        boolean drops = name.startsWith("drop") || name.equals("finalizeDrop");
        if (!drops || now.get(PERMITTED).contains(CAP_SETPCAP)) {
            return "";
        }
        if (now.get(PERMITTED).containsAll(FOR_AN_IDENTITY)) {
            return SWITCHING;
        }
        return now.uids().contains(0) ? "" : UNPRIVILEGED;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Target target && name.equals(target.name) && asked.equals(target.asked);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
