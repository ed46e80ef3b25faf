package nucleus.caps.model;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Iab;
import nucleus.caps.Identity;
import nucleus.caps.Mode;
import nucleus.caps.Phase;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;

/**
 * A call of a method of a phase.
 *
 * @param method the method, as {@link #methods} names it
 * @param from the phase
 * @param call the call
 * @param asked what each thread may hold after it: its credentials at the start of the process, and now
 */
record Step(String method, Class<?> from, Function<Phase, Phase> call, BiPredicate<Credentials, Credentials> asked) {

    private static final CapabilitySet KEEP = CapabilitySet.of(Capability.CAP_CHOWN);
    private static final CapabilitySet NONE = CapabilitySet.NONE;
    private static final Identity USER = Identity.of(1000, 1000);
    private static final CapabilitySets SETS = new CapabilitySets(KEEP, KEEP, KEEP, KEEP, KEEP);
    private static final Iab IAB = Iab.parse("!cap_setpcap,%cap_chown");

    /** Every way from the first phase to an end. */
    static List<List<Step>> paths() {
        List<List<Step>> paths = new ArrayList<>();
        for (CapabilitySet keep : List.of(NONE, KEEP)) {
            Step first = keep.isEmpty()
                    ? initial("dropBoundingSet()", p -> p.dropBoundingSet(),
                            (start, now) -> bounded(now, keep) && unchanged(start, now))
                    : initial("dropBoundingSetExcept(CapabilitySet)", p -> p.dropBoundingSetExcept(KEEP),
                            (start, now) -> bounded(now, keep) && unchanged(start, now));
            Step second = new Step("BoundingDropped.switchIdentity(Identity)", Phase.BoundingDropped.class,
                    p -> ((Phase.BoundingDropped) p).switchIdentity(USER),
                    (_, now) -> bounded(now, keep) && is(now, USER) && keep.containsAll(now.get(SetKind.PERMITTED)));
            paths.add(List.of(first, new Step("BoundingDropped.finalizeDrop()", Phase.BoundingDropped.class,
                    p -> ((Phase.BoundingDropped) p).finalizeDrop(), (_, now) -> dropped(now, keep))));
            paths.add(List.of(first, second, new Step("IdentitySwitched.finalizeDrop()", Phase.IdentitySwitched.class,
                    p -> ((Phase.IdentitySwitched) p).finalizeDrop(),
                    (_, now) -> dropped(now, keep) && is(now, USER))));
        }
        Stream.of(initial("dropAll()", p -> p.dropAll(), (_, now) -> dropped(now, NONE)),
                initial("drop(Identity)", p -> p.drop(USER), (_, now) -> dropped(now, NONE) && is(now, USER)),
                initial("dropExcept(CapabilitySet)", p -> p.dropExcept(KEEP), (_, now) -> dropped(now, KEEP)),
                initial("dropExcept(CapabilitySet, Identity)", p -> p.dropExcept(KEEP, USER),
                        (_, now) -> dropped(now, KEEP) && is(now, USER)),
                initial("lockUnprivileged()", p -> p.lockUnprivileged(), (_, now) -> locked(now)),
                initial("lockUnprivileged(Identity)", p -> p.lockUnprivileged(USER), (_, now) -> locked(now) && is(now, USER)),
                initial("apply(CapabilitySets)", p -> p.apply(SETS), (_, now) -> now.sets().equals(SETS)),
                initial("apply(CapabilitySets, Identity)", p -> p.apply(SETS, USER),
                        (_, now) -> now.sets().equals(SETS) && is(now, USER)),
                initial("apply(Iab)", p -> p.apply(IAB), (start, now) -> now.sets().equals(IAB.appliedTo(start.sets()))),
                initial("enter(Mode)", p -> p.enter(Mode.PURE1E),
                        (_, now) -> now.get(SetKind.EFFECTIVE).isEmpty() && now.get(SetKind.AMBIENT).isEmpty()
                                && Property.bits(now) == SecureBits.LOCKED_DOWN.bits()))
                .forEach(step -> paths.add(List.of(step)));
        return paths;
    }

    /** Other calls from the same phase, which ask for something else. */
    List<Step> others() {
        return paths().stream().flatMap(List::stream).filter(step -> step.from == from && !step.method.equals(method)).toList();
    }

    /** Every method that leads from a phase to another. */
    static Set<String> methods(Class<?>... phases) {
        return Arrays.stream(phases).flatMap(phase -> Arrays.stream(phase.getDeclaredMethods())
                .filter(method -> Phase.class.isAssignableFrom(method.getReturnType())).map(method -> name(phase, method)))
                .collect(Collectors.toSet());
    }

    private static String name(Class<?> phase, Method method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName)
                .collect(Collectors.joining(", ", phase.getSimpleName() + "." + method.getName() + "(", ")"));
    }

    private static Step initial(String method, Function<Phase.Initial, Phase> call, BiPredicate<Credentials, Credentials> asked) {
        return new Step("Initial." + method, Phase.Initial.class, p -> call.apply((Phase.Initial) p), asked);
    }

    private static boolean bounded(Credentials now, CapabilitySet keep) {
        return keep.containsAll(now.get(SetKind.BOUNDING)) && now.get(SetKind.INHERITABLE).isEmpty()
                && now.get(SetKind.AMBIENT).isEmpty();
    }

    private static boolean unchanged(Credentials start, Credentials now) {
        return now.get(SetKind.PERMITTED).equals(start.get(SetKind.PERMITTED))
                && now.get(SetKind.EFFECTIVE).equals(start.get(SetKind.EFFECTIVE));
    }

    private static boolean dropped(Credentials now, CapabilitySet keep) {
        return bounded(now, keep) && keep.containsAll(now.get(SetKind.PERMITTED)) && ended(now);
    }

    private static boolean locked(Credentials now) {
        return now.sets().with(SetKind.BOUNDING, NONE).isEmpty() && !now.uids().contains(0) && ended(now);
    }

    private static boolean ended(Credentials now) {
        return now.get(SetKind.PERMITTED).containsAll(now.get(SetKind.EFFECTIVE)) && now.noNewPrivs()
                && !Property.keepsCaps(now);
    }

    private static boolean is(Credentials now, Identity identity) {
        return now.uids().equals(Ids.all(identity.uid())) && now.gids().equals(Ids.all(identity.gid()))
                && now.groups().equals(identity.groups());
    }

    @Override
    public String toString() {
        return method;
    }
}
