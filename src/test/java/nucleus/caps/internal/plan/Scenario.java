package nucleus.caps.internal.plan;

import static nucleus.caps.Capability.CAP_CHOWN;
import static nucleus.caps.Capability.CAP_NET_BIND_SERVICE;
import static nucleus.caps.Capability.CAP_SETGID;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.Capability.CAP_SETUID;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Mode;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;

/** A start and what is asked of it. Together they run every line of the planner. */
record Scenario(String name, ThreadStatus start, Target target) {

    private static final int SHORT = 40;
    static final int KEEP_CAPS = 1 << 4;
    static final int KEEP_CAPS_LOCKED = 1 << 5;
    static final int NO_SETUID_FIXUP = 1 << 2;
    private static final Map<Capability, String> LETTERS =
            Map.of(CAP_CHOWN, "c", CAP_SETGID, "g", CAP_SETUID, "u", CAP_SETPCAP, "p", CAP_NET_BIND_SERVICE, "b");
    static final CapabilitySet NONE = CapabilitySet.NONE;
    static final CapabilitySet BIND = CapabilitySet.of(CAP_NET_BIND_SERVICE);
    static final CapabilitySet CHOWN = CapabilitySet.of(CAP_CHOWN);
    static final CapabilitySet KEPT = CapabilitySet.of(CAP_NET_BIND_SERVICE, CAP_SETUID);
    static final Identity NOBODY = Identity.of(65534, 65534, 65533);

    /** What root holds in these scenarios: few enough for a table that can be read. */
    static final CapabilitySet HELD =
            CapabilitySet.of(CAP_CHOWN, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_NET_BIND_SERVICE);

    /** Root with something in each of the five sets. */
    static final ThreadStatus ROOT = thread(0, new CapabilitySets(HELD, HELD, HELD, BIND.union(CHOWN), BIND), 0);

    /** Root in a container that may only switch the identity. */
    static final ThreadStatus SWITCHING = thread(0, new CapabilitySets(HELD, CapabilitySet.of(CAP_SETGID, CAP_SETUID),
            CapabilitySet.of(CAP_SETGID, CAP_SETUID), NONE, NONE), 0);

    static ThreadStatus thread(long id, CapabilitySets sets, int securebits) {
        return new ThreadStatus(4711, "fake", new Credentials(sets, Ids.all(id), Ids.all(id), List.of(id, 4L), false,
                Optional.of(new SecureBits(securebits))));
    }

    static ThreadStatus with(ThreadStatus thread, SetKind kind, CapabilitySet set) {
        return thread.with(thread.credentials().with(kind, set));
    }

    static Target drop(CapabilitySet keep) {
        return Target.drop(keep, Optional.empty(), true, Optional.empty());
    }

    static Target drop(CapabilitySet keep, SecureBits bits) {
        return Target.drop(keep, Optional.empty(), true, Optional.of(bits));
    }

    static Target drop(CapabilitySet keep, Identity identity, SecureBits bits) {
        return Target.drop(keep, Optional.of(identity), true, Optional.of(bits));
    }

    static Target drop(CapabilitySet keep, Identity identity) {
        return Target.drop(keep, Optional.of(identity), true, Optional.empty());
    }

    static Target mode(Mode mode) {
        return Target.enter(mode, false);
    }

    static Target one(SetKind kind, CapabilitySet set) {
        return Target.set(kind, set);
    }

    List<ThreadStatus> performOn(FakeKernel kernel) {
        return Transition.perform(kernel, Scope.THREAD, target);
    }

    /** The calls that it takes where nothing is refused. */
    List<String> calls() {
        FakeKernel kernel = FakeKernel.of(start);
        performOn(kernel);
        return kernel.trace();
    }

    ThreadStatus end() {
        FakeKernel kernel = FakeKernel.of(start);
        performOn(kernel);
        return kernel.status();
    }

    /** All that a thread holds, in one line, a letter for each capability. */
    static String line(ThreadStatus s) {
        return "B=%s P=%s E=%s I=%s A=%s uid=%s gid=%s groups=%s nnp=%s sec=%s".formatted(letters(s.sets().bounding()),
                letters(s.sets().permitted()), letters(s.sets().effective()), letters(s.sets().inheritable()),
                letters(s.sets().ambient()), s.uids(), s.gids(), s.groups(), s.noNewPrivs() ? 1 : 0,
                brief(s.secureBits().orElseThrow()));
    }

    private static String brief(SecureBits bits) {
        return bits.toString().length() > SHORT ? bits.mask() : bits.toString();
    }

    private static String letters(CapabilitySet set) {
        return set.isEmpty() ? "-" : set.named().map(LETTERS::get).collect(Collectors.joining());
    }

    /** A call as the table shows it. */
    static String line(String call) {
        return call.replaceFirst("^capset\\(.*", "capset");
    }

    @Override
    public String toString() {
        return name;
    }

    static List<Scenario> all() {
        return ScenarioTable.all();
    }
}
