package snippets;

import java.util.List;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.ProcessStatus;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;

/** The documentation's examples of reading and checking. */
public final class Reading {

    private Reading() {
    }

    public static String reading() {
        // @start region="reading"
        CapabilitySets mine = Caps.thread().sets();           // the calling thread
        List<ThreadStatus> all = Caps.threads();              // every thread of this JVM
        ProcessStatus init = Caps.process(1);                 // another process
        CapabilitySet known = Caps.supported();               // the capabilities of this kernel
        // @end
        return all.stream().allMatch(thread -> thread.sets().equals(mine)) + " "
                + known.containsAll(init.sets().permitted().union(mine.bounding()));
    }

    public static void later() {
        CapabilitySet keep = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);
        Phase.Dropped dropped = Caps.begin(Scope.PROCESS).dropExcept(keep, Identity.of(65534, 65534));
        // @start region="later"
        dropped.verify();                                     // every thread is still as it was reached
        Caps.requireDropped(keep);                            // the same from anywhere: no thread holds more than keep
        // @end
    }

    public static void startUp() {
        Caps.begin(Scope.PROCESS).drop(Identity.of(65534, 65534));
        // @start region="startup"
        Caps.requireDropped();                                // no thread holds a capability or is root
        Caps.requireNoNamespaceCaps();                        // or only: no thread holds a capability for namespaces
        // @end
    }
}
