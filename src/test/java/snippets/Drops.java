package snippets;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import nucleus.caps.Advice;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.VerificationException;

/** The documentation's examples of drops. A test runs each example in its own JVM and inspects that JVM from outside. */
public final class Drops {

    private Drops() {
    }

    public static void whole() {
        // @start region="whole"
        Caps.begin(Scope.PROCESS).drop(Caps.identityOf("www-data"));
        // @end
    }

    public static void stepByStep() {
        // @start region="steps"
        Phase.Dropped done = Caps.begin(Scope.PROCESS)      // Phase.Initial: every thread of this JVM
                .dropBoundingSet()                          // Phase.BoundingDropped: while CAP_SETPCAP is held
                .switchIdentity(Identity.of(65534, 65534))  // Phase.IdentitySwitched: groups, then gid, then uid
                .finalizeDrop();                            // Phase.Dropped: the rest, and no_new_privs
        // @end
        describe(done);
    }

    public static void keeping() {
        // @start region="keeping"
        CapabilitySet ports = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);
        Caps.begin(Scope.PROCESS).dropExcept(ports, Identity.of(65534, 65534)); // can still bind port 80
        // @end
    }

    public static void applying() {
        // @start region="applying"
        Map<String, List<String>> capabilities = Map.of(             // process.capabilities of an OCI config.json
                "bounding", List.of("CAP_KILL", "CAP_NET_BIND_SERVICE"),
                "permitted", List.of("CAP_KILL", "CAP_NET_BIND_SERVICE"),
                "effective", List.of("CAP_KILL"));
        Caps.begin(Scope.PROCESS, options -> options.withNoNewPrivs())
                .apply(CapabilitySets.ofOci(capabilities), Identity.of(65534, 65534));
        // @end
    }

    public static void advised() {
        // @start region="advise"
        Identity identity = Identity.of(65534, 65534);
        Phase.Initial initial = Caps.begin(Scope.PROCESS);
        for (Advice advice : initial.advise(identity)) {
            if (advice.kind() == Advice.Kind.FLIGHT_RECORDING) {
                throw new IllegalStateException(advice.toString());
            }
        }
        initial.drop(identity);
        // @end
    }

    public static void patient() {
        // @start region="options"
        Caps.begin(Scope.PROCESS, options -> options.allowIoUring().withTimeout(Duration.ofMinutes(1)))
                .drop(Identity.of(65534, 65534));
        // @end
    }

    public static void orNotAtAll() {
        // @start region="failing"
        try {
            Caps.begin(Scope.PROCESS).drop(Identity.of(65534, 65534));
        } catch (VerificationException e) {          // the calls succeeded, but privileges remain
            e.differences().forEach(System.err::println);
            System.exit(1);
        } catch (CapsException e) {                  // names the call, the error and the rule
            System.err.println(e.getMessage());
            System.exit(1);
        }
        // @end
    }

    public static void orExit() {
        // @start region="exit"
        CapabilitySet ports = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);
        Caps.dropOrExit(() -> Caps.begin(Scope.PROCESS).dropExcept(ports, Caps.identityOf("www-data")));
        // @end
    }

    public static String described() {
        return describe(Caps.begin(Scope.PROCESS).drop(Identity.of(65534, 65534)));
    }

    // @start region="switch"
    static String describe(Phase phase) {
        return switch (phase) {
            case Phase.Initial initial -> "nothing has been changed yet";
            case Phase.BoundingDropped bounded -> "no program can gain what was dropped";
            case Phase.IdentitySwitched switched -> "somebody else";
            case Phase.Dropped dropped -> dropped.identity() + " holds " + dropped.sets().permitted() + ", and no more";
            case Phase.Applied applied -> applied.identity() + " holds " + applied.sets().permitted() + ", as asked";
        };
    }
    // @end
}
