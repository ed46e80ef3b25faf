package nucleus.caps.internal.rules;

import static nucleus.caps.Capability.CAP_CHOWN;
import static nucleus.caps.Capability.CAP_NET_BIND_SERVICE;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.internal.rules.UserNamespace.Range;
import org.junit.jupiter.api.Test;

/** What the kernel refuses of one change, and what it makes of one that it takes. */
class RulesTest {

    private static final CapabilitySet NONE = CapabilitySet.NONE;
    private static final CapabilitySet CHOWN = CapabilitySet.of(CAP_CHOWN);
    private static final CapabilitySet BIND = CapabilitySet.of(CAP_NET_BIND_SERVICE);
    private static final CapabilitySet HELD = CapabilitySet.of(CAP_CHOWN, CAP_SETPCAP, CAP_NET_BIND_SERVICE);

    private static final Rules RULES = new Rules(UserNamespace.INITIAL);

    /** Permitted and bounding differ, and nothing is effective. */
    private static final Credentials POOR = new Credentials(new CapabilitySets(HELD, BIND, NONE, NONE, NONE),
            Ids.all(1000), Ids.all(1000), List.of(), false, Optional.of(SecureBits.NONE));

    private static Optional<String> rule(Credentials now, Change change) {
        return RULES.against(now, change).map(Refusal::rule);
    }

    private static Change.CapSet capset(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) {
        return new Change.CapSet(effective, permitted, inheritable);
    }

    @Test
    void permittedGainsNothing() {
        assertThat(rule(POOR, capset(NONE, BIND, NONE))).isEmpty();
        assertThat(rule(POOR, capset(NONE, BIND.union(CHOWN), NONE)))
                .contains("nothing can be added to the permitted set, which lacks cap_chown");
    }

    @Test
    void effectiveLiesWithinPermitted() {
        assertThat(rule(POOR, capset(BIND, BIND, NONE))).isEmpty();
        assertThat(rule(POOR, capset(BIND, NONE, NONE)))
                .contains("effective must be a subset of permitted, which lacks cap_net_bind_service");
    }

    @Test
    void inheritableGainsWhatIsInTheBoundingSet() {
        Credentials bounded = POOR.with(new CapabilitySets(BIND, HELD, HELD, NONE, NONE));
        assertThat(rule(bounded, capset(HELD, HELD, BIND))).isEmpty();
        assertThat(rule(bounded, capset(HELD, HELD, BIND.union(CHOWN))))
                .contains("a capability added to inheritable must be in the bounding set, which lacks cap_chown");
    }

    @Test
    void withoutSetpcapInheritableGainsWhatIsPermitted() {
        assertThat(rule(POOR, capset(NONE, BIND, BIND))).isEmpty();
        assertThat(rule(POOR, capset(NONE, BIND, BIND.union(CHOWN)))).contains("without CAP_SETPCAP, a capability added to"
                + " inheritable must be in the permitted set, which lacks cap_chown");
        Credentials able = POOR.with(SetKind.PERMITTED, CapabilitySet.of(CAP_SETPCAP));
        assertThat(rule(able.with(SetKind.EFFECTIVE, able.get(SetKind.PERMITTED)),
                capset(NONE, NONE, CHOWN))).isEmpty();
    }

    @Test
    void ambientIsLoweredByAnybody() {
        assertThat(rule(POOR, new Change.LowerAmbient(BIND))).isEmpty();
        assertThat(rule(POOR, new Change.NoNewPrivs())).isEmpty();
    }

    @Test
    void anIdOfOnesOwnNeedsNoPrivilege() {
        Credentials mixed = POOR.withUids(new Ids(1, 2, 3, 4));
        for (long own : List.of(1L, 2L, 3L)) {
            assertThat(rule(mixed, new Change.SetUid(own))).isEmpty();
        }
        assertThat(rule(mixed, new Change.SetUid(4)))
                .contains("needs CAP_SETUID in the effective set, which holds none");
        assertThat(rule(mixed, new Change.SetGid(4)))
                .contains("needs CAP_SETGID in the effective set, which holds none");
    }

    @Test
    void anIdThatIsOnlyShownIsNotOnesOwn() {
        UserNamespace some = new UserNamespace(List.of(new Range(0, 1 << 16)), List.of(new Range(0, 1 << 16)), true);
        Credentials shown = POOR.withUids(Ids.all(65534));
        assertThat(new Rules(some).against(shown, new Change.SetUid(65534)).map(Refusal::rule))
                .contains("needs CAP_SETUID in the effective set, which holds none");
        assertThat(rule(shown, new Change.SetUid(65534))).isEmpty();
    }

    @Test
    void uidZeroMakesPermittedEffective() {
        Change root = new Change.SetUid(0);
        Credentials away = POOR.withUids(new Ids(0, 1000, 0, 1000));
        assertThat(Effects.after(away, root).get(SetKind.EFFECTIVE)).isEqualTo(BIND);
        assertThat(Effects.after(away.with(SecureBits.of(SecureBit.NO_SETUID_FIXUP)), root).get(SetKind.EFFECTIVE))
                .isEqualTo(NONE);
        assertThat(Effects.after(away.withUids(Ids.all(0)), root).get(SetKind.EFFECTIVE)).isEqualTo(NONE);
        assertThat(Effects.after(POOR, new Change.SetUid(7)).get(SetKind.EFFECTIVE)).isEqualTo(NONE);
        assertThat(Effects.after(POOR, new Change.SetUid(7)).get(SetKind.PERMITTED)).isEqualTo(BIND);
    }
}
