package nucleus.caps.internal.plan;

import static nucleus.caps.internal.plan.Scenario.BIND;
import static nucleus.caps.internal.plan.Scenario.CHOWN;
import static nucleus.caps.internal.plan.Scenario.HELD;
import static nucleus.caps.internal.plan.Scenario.KEEP_CAPS;
import static nucleus.caps.internal.plan.Scenario.KEEP_CAPS_LOCKED;
import static nucleus.caps.internal.plan.Scenario.KEPT;
import static nucleus.caps.internal.plan.Scenario.NOBODY;
import static nucleus.caps.internal.plan.Scenario.NONE;
import static nucleus.caps.internal.plan.Scenario.NO_SETUID_FIXUP;
import static nucleus.caps.internal.plan.Scenario.ROOT;
import static nucleus.caps.internal.plan.Scenario.SWITCHING;
import static nucleus.caps.internal.plan.Scenario.drop;
import static nucleus.caps.internal.plan.Scenario.mode;
import static nucleus.caps.internal.plan.Scenario.one;
import static nucleus.caps.internal.plan.Scenario.thread;
import static nucleus.caps.internal.plan.Scenario.with;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.SecureBit.EXEC_RESTRICT_FILE;
import static nucleus.caps.SecureBit.NO_CAP_AMBIENT_RAISE;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Iab;
import nucleus.caps.Mode;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;

/** Every scenario that the fault table and the tests of the plans go through. */
final class ScenarioTable {

    private ScenarioTable() {
    }

    static List<Scenario> all() {
        ThreadStatus rootKeeping = thread(0, ROOT.sets(), KEEP_CAPS);
        ThreadStatus rootUnfixed = thread(0, ROOT.sets(), NO_SETUID_FIXUP);
        ThreadStatus somebody = thread(1000, ROOT.sets(), 0);
        CapabilitySets five = new CapabilitySets(HELD.minus(CHOWN), KEPT, BIND, CHOWN.union(BIND), BIND);
        CapabilitySets noAmbient = five.with(SetKind.AMBIENT, NONE);
        ThreadStatus nobody = thread(65534, new CapabilitySets(HELD, CHOWN, CHOWN, CHOWN, CHOWN), 0);
        ThreadStatus unraising = thread(0, ROOT.sets(), SecureBits.of(NO_CAP_AMBIENT_RAISE).bits());
        ThreadStatus unkeeping = thread(0, ROOT.sets(), KEEP_CAPS_LOCKED);
        ThreadStatus unraised = with(ROOT, SetKind.EFFECTIVE, HELD.minus(CapabilitySet.of(CAP_SETPCAP)));
        Iab iab = new Iab(HELD.minus(BIND), CHOWN, BIND);
        SecureBits down = SecureBits.LOCKED_DOWN;
        SecureBits exec = SecureBits.of(EXEC_RESTRICT_FILE);
        SecureBits both = new SecureBits(down.bits() | exec.bits());
        CapabilitySets three = new CapabilitySets(HELD, HELD, HELD, HELD.minus(BIND), CHOWN);
        return List.of(
                new Scenario("root drops all", ROOT, drop(NONE)),
                new Scenario("root becomes nobody", ROOT, drop(NONE, NOBODY)),
                new Scenario("root keeps two", ROOT, drop(KEPT)),
                new Scenario("root becomes nobody and keeps two", ROOT, drop(KEPT, NOBODY)),
                new Scenario("root with KEEPCAPS becomes nobody", rootKeeping, drop(NONE, NOBODY)),
                new Scenario("root with KEEPCAPS drops all", rootKeeping, drop(NONE)),
                new Scenario("root without setuid fixup becomes nobody and keeps two", rootUnfixed,
                        drop(KEPT, NOBODY)),
                new Scenario("a user with capabilities becomes nobody", somebody, drop(NONE, NOBODY)),
                new Scenario("root may gain again", ROOT,
                        Target.drop(NONE, Optional.empty(), false, Optional.empty())),
                new Scenario("root applies five sets", ROOT,
                        Target.apply(five, Optional.empty(), true, Optional.empty())),
                new Scenario("root applies five sets as nobody", ROOT,
                        Target.apply(five, Optional.of(NOBODY), true, Optional.empty())),
                new Scenario("root applies sets without ambient", ROOT,
                        Target.apply(noAmbient, Optional.empty(), false, Optional.empty())),
                new Scenario("root exchanges ambient", ROOT,
                        Target.apply(three.with(SetKind.INHERITABLE, HELD), Optional.empty(), false, Optional.empty())),
                new Scenario("root with KEEPCAPS applies nothing as nobody", rootKeeping,
                        Target.apply(CapabilitySets.NONE, Optional.of(NOBODY), true, Optional.empty())),
                new Scenario("root with KEEPCAPS applies sets without ambient", rootKeeping,
                        Target.apply(noAmbient, Optional.empty(), false, Optional.empty())),
                new Scenario("root lowers bounding", ROOT, one(SetKind.BOUNDING, KEPT)),
                new Scenario("root lowers permitted", ROOT, one(SetKind.PERMITTED, CHOWN)),
                new Scenario("root lowers effective", ROOT, one(SetKind.EFFECTIVE, CHOWN)),
                new Scenario("root raises inheritable", ROOT, one(SetKind.INHERITABLE, HELD)),
                new Scenario("root exchanges inheritable", ROOT, one(SetKind.INHERITABLE, CHOWN)),
                new Scenario("root sets ambient", ROOT, one(SetKind.AMBIENT, CHOWN)),
                new Scenario("root drops all and locks down", ROOT, drop(NONE, down)),
                new Scenario("root becomes nobody and locks down", ROOT, drop(NONE, NOBODY, down)),
                new Scenario("root keeps two and locks down", ROOT, drop(KEPT, both)),
                new Scenario("root becomes nobody, keeps two and locks down", ROOT, drop(KEPT, NOBODY, both)),
                new Scenario("root with KEEPCAPS locked off becomes nobody, keeps two and locks down", unkeeping,
                        drop(KEPT, NOBODY, down)),
                new Scenario("root with KEEPCAPS becomes nobody, keeps two and has no securebits", rootKeeping,
                        drop(KEPT, NOBODY, SecureBits.NONE)),
                new Scenario("root applies five sets as nobody and locks down", ROOT,
                        Target.apply(five, Optional.of(NOBODY), true, Optional.of(down))),
                new Scenario("root applies nothing as nobody and locks down", ROOT,
                        Target.apply(CapabilitySets.NONE, Optional.of(NOBODY), true, Optional.of(down))),
                new Scenario("root that may not raise ambient applies five sets and no securebits", unraising,
                        Target.apply(five, Optional.empty(), false, Optional.of(SecureBits.NONE))),
                new Scenario("a user locks what needs no privilege", nobody,
                        Target.lockUnprivileged(Optional.empty(), Optional.of(exec))),
                new Scenario("a user with KEEPCAPS locks the rest", thread(65534, nobody.sets(), KEEP_CAPS),
                        Target.lockUnprivileged(Optional.empty(), Optional.empty())),
                new Scenario("root without CAP_SETPCAP becomes nobody and locks the rest", SWITCHING,
                        Target.lockUnprivileged(Optional.of(NOBODY), Optional.empty())),
                new Scenario("a user with KEEPCAPS becomes nobody and locks the rest",
                        thread(1000, SWITCHING.sets().with(SetKind.INHERITABLE, CHOWN), KEEP_CAPS),
                        Target.lockUnprivileged(Optional.of(NOBODY), Optional.empty())),
                new Scenario("root hands on", ROOT, Target.apply(iab, true, Optional.empty())),
                new Scenario("root exchanges what it hands on", ROOT,
                        Target.apply(new Iab(BIND, CHOWN, CHOWN), false, Optional.empty())),
                new Scenario("root hands on and locks down", ROOT,
                        Target.apply(iab, false, Optional.of(down))),
                new Scenario("root that may not raise ambient hands on and may", unraising,
                        Target.apply(iab, false, Optional.of(exec))),
                new Scenario("root with KEEPCAPS hands on and has no securebits", rootKeeping,
                        Target.apply(iab, false, Optional.of(SecureBits.NONE))),
                new Scenario("a user with KEEPCAPS locks the rest and has no securebits",
                        thread(65534, nobody.sets(), KEEP_CAPS),
                        Target.lockUnprivileged(Optional.empty(), Optional.of(SecureBits.NONE))),
                new Scenario("a user hands on nothing that is permitted", nobody,
                        Target.apply(Iab.NONE, false, Optional.empty())),
                new Scenario("root enters NOPRIV", unraised, mode(Mode.NOPRIV)),
                new Scenario("root enters PURE1E_INIT", ROOT, mode(Mode.PURE1E_INIT)),
                new Scenario("root enters PURE1E", unraised, mode(Mode.PURE1E)),
                new Scenario("root enters HYBRID", rootKeeping, Target.enter(Mode.HYBRID, true)),
                new Scenario("a user in HYBRID enters HYBRID", nobody, mode(Mode.HYBRID)),
                new Scenario("root changes its securebits", ROOT, Target.set(both)),
                new Scenario("root drops bounding, keeps two and locks down", ROOT,
                        Target.dropBounding(KEPT, Optional.of(both))),
                new Scenario("root switches the identity and keeps two", ROOT,
                        Target.switchIdentity(NOBODY, KEPT, Optional.empty())),
                new Scenario("root that has raised nothing becomes nobody and keeps two", with(ROOT, SetKind.EFFECTIVE, NONE),
                        drop(KEPT, NOBODY)),
                new Scenario("root that has raised nothing becomes nobody", with(ROOT, SetKind.EFFECTIVE, NONE),
                        drop(NONE, NOBODY)),
                new Scenario("root sets no_new_privs", ROOT, Target.setNoNewPrivs()));
    }
}
