package privileged.fault;

import static privileged.harness.TestIds.NOBODY;

import java.time.Duration;
import java.util.List;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import privileged.harness.CapMasks;
import privileged.harness.Observer;
import privileged.harness.OutsideStatus;

/** A way to drop, and what it leaves to a thread. */
enum FaultPath {

    PROCESS_DROP(Scope.PROCESS, Observer.NOTHING) {
        @Override
        void make(Phase.Initial initial) {
            initial.drop(SOMEBODY);
        }
    },

    PROCESS_KEEP(Scope.PROCESS, Observer.NOTHING.holdingOnly(CapMasks.KILL)) {
        @Override
        void make(Phase.Initial initial) {
            initial.dropExcept(CapabilitySet.of(Capability.CAP_KILL), SOMEBODY);
        }
    },

    PROCESS_APPLY(Scope.PROCESS,
            OutsideStatus.mine().withSets(CapMasks.KILL | CapMasks.CHOWN, CapMasks.KILL, CapMasks.KILL, CapMasks.KILL,
                    CapMasks.KILL).as(NOBODY, NOBODY)) {
        @Override
        void make(Phase.Initial initial) {
            CapabilitySet kill = CapabilitySet.of(Capability.CAP_KILL);
            CapabilitySet bounding = CapabilitySet.of(Capability.CAP_KILL, Capability.CAP_CHOWN);
            initial.apply(new CapabilitySets(bounding, kill, kill, kill, kill), SOMEBODY);
        }
    },

    THREAD_DROP(Scope.THREAD, Observer.NOTHING) {
        @Override
        void make(Phase.Initial initial) {
            initial.drop(SOMEBODY);
        }
    };

    /** How long each thread has to answer. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    private final Scope scope;
    private final OutsideStatus end;

    FaultPath(Scope scope, OutsideStatus end) {
        this.scope = scope;
        this.end = end;
    }

    abstract void make(Phase.Initial initial);

    /** Drops. */
    void run() {
        make(Caps.begin(scope, options -> options.withTimeout(DEADLINE)));
    }

    /** {@return what is wrong after a success, or nothing} */
    String wrongAfterSuccess(Snapshot before, Snapshot after, long caller) {
        if (scope == Scope.PROCESS) {
            return after.othersThan(List.of(end));
        }
        return end.equals(after.state(caller)) ? after.without(caller).differencesFrom(before)
                : "the caller is " + after.state(caller);
    }
}
