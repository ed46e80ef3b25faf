package privileged.thread;

import static org.assertj.core.api.Assertions.assertThat;

import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Thrown;

/** Single sets of one thread: what the kernel would refuse is refused with what is missing, and nothing changes. */
@Privileged
class ThreadCapsRefusalsIT {

    /** Prepares, then tries: each argument is a method, a set and names; those to be refused start with "try". */
    static final class Tries implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            ThreadCaps caps = Caps.thisThread();
            for (String arg : args) {
                String[] words = arg.replaceFirst("^try ", "").split(" ");
                if (arg.startsWith("try ")) {
                    points.threw(() -> change(caps, words));
                } else {
                    change(caps, words);
                }
                points.at(arg);
            }
        }

        private static void change(ThreadCaps caps, String[] words) {
            SetKind kind = SetKind.valueOf(words[1]);
            switch (words[0]) {
                case "set" -> caps.set(kind, CapabilitySet.ofMask(words[2]));
                case "raise" -> caps.raise(kind, ThreadCapsIT.Changes.capabilities(words));
                case "lower" -> caps.lower(kind, ThreadCapsIT.Changes.capabilities(words));
                default -> throw new IllegalArgumentException(words[0]);
            }
        }
    }

    private static void refused(ObservedChild child, String attempt, String message, OutsideStatus unchanged) {
        Thrown thrown = child.threw();
        assertThat(thrown.type()).isEqualTo("CapsException");
        assertThat(thrown.message()).isEqualTo(message);
        assertThat(thrown.errnoName()).isEqualTo("EPERM");
        assertThat(thrown.changed()).isFalse();
        assertThat(child.at(attempt)).isEqualTo(unchanged);
    }

    @Test
    void boundingIsNeverRaised() {
        try (ObservedChild child =
                ObservedChild.start(Tries.class, "lower BOUNDING kill setuid", "try raise BOUNDING kill setgid",
                        "try set BOUNDING " + CapMasks.hex(CapMasks.SETUID))) {
            OutsideStatus start = child.start();
            OutsideStatus lowered = start.withBounding(start.bounding() & ~(CapMasks.KILL | CapMasks.SETUID));
            assertThat(child.at("lower BOUNDING kill setuid")).isEqualTo(lowered);
            refused(child, "try raise BOUNDING kill setgid",
                    "prctl(PR_CAPBSET_DROP): EPERM: nothing can be added to bounding, which lacks cap_kill",
                    lowered);
            refused(child, "try set BOUNDING " + CapMasks.hex(CapMasks.SETUID),
                    "prctl(PR_CAPBSET_DROP): EPERM: nothing can be added to bounding, which lacks cap_setuid",
                    lowered);
        }
    }

    @Test
    void raisesSetpcapToLowerBoundingIfItIsPermitted() {
        try (ObservedChild child =
                ObservedChild.start(Tries.class, "set EFFECTIVE " + CapMasks.hex(CapMasks.KILL), "lower BOUNDING kill",
                        "set PERMITTED " + CapMasks.hex(CapMasks.KILL), "try lower BOUNDING setuid")) {
            OutsideStatus start = child.start().withEffective(CapMasks.KILL);
            assertThat(child.at("set EFFECTIVE " + CapMasks.hex(CapMasks.KILL))).isEqualTo(start);
            OutsideStatus lowered = start.withBounding(start.bounding() & ~CapMasks.KILL);
            assertThat(child.at("lower BOUNDING kill")).isEqualTo(lowered);
            child.at("set PERMITTED " + CapMasks.hex(CapMasks.KILL));
            refused(child, "try lower BOUNDING setuid", "prctl(PR_CAPBSET_DROP, CAP_SETUID): EPERM: needs CAP_SETPCAP in"
                    + " the effective set, which holds cap_kill", lowered.withPermitted(CapMasks.KILL));
        }
    }

    @Test
    void permittedIsNeverRaised() {
        try (ObservedChild child = ObservedChild.start(Tries.class, "lower PERMITTED kill", "try raise PERMITTED kill")) {
            long rest = child.start().permitted() & ~CapMasks.KILL;
            OutsideStatus lowered = child.start().withPermitted(rest).withEffective(rest);
            assertThat(child.at("lower PERMITTED kill")).isEqualTo(lowered);
            Thrown thrown = child.threw();
            assertThat(thrown.errnoName()).isEqualTo("EPERM");
            assertThat(thrown.message()).endsWith(": nothing can be added to permitted, which lacks cap_kill");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("try raise PERMITTED kill")).isEqualTo(lowered);
        }
    }

    @Test
    void effectiveIsNotRaisedBeyondPermitted() {
        long both = CapMasks.SETUID | CapMasks.SETGID;
        try (ObservedChild child =
                ObservedChild.start(Tries.class, "set PERMITTED " + CapMasks.hex(both), "try raise EFFECTIVE kill")) {
            OutsideStatus lowered = child.start().withPermitted(both).withEffective(both);
            assertThat(child.at("set PERMITTED " + CapMasks.hex(both))).isEqualTo(lowered);
            refused(child, "try raise EFFECTIVE kill", "capset: EPERM: effective must be a subset of permitted,"
                    + " which lacks cap_kill", lowered);
        }
    }

    @Test
    void refusesInheritableBeyondBounding() {
        try (ObservedChild child = ObservedChild.start(Tries.class, "lower BOUNDING kill", "try raise INHERITABLE kill setuid")) {
            OutsideStatus lowered = child.start().withBounding(child.start().bounding() & ~CapMasks.KILL);
            assertThat(child.at("lower BOUNDING kill")).isEqualTo(lowered);
            Thrown thrown = child.threw();
            assertThat(thrown.errnoName()).isEqualTo("EPERM");
            assertThat(thrown.message())
                    .endsWith(": a capability added to inheritable must be in bounding (without CAP_SETPCAP, also in"
                            + " permitted), which lacks cap_kill");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("try raise INHERITABLE kill setuid")).isEqualTo(lowered);
        }
    }

    @Test
    void refusesInheritableBeyondPermitted() {
        try (ObservedChild child = ObservedChild.start(Tries.class, "set PERMITTED " + CapMasks.hex(CapMasks.SETUID),
                "try raise INHERITABLE kill setuid")) {
            OutsideStatus lowered = child.start().withPermitted(CapMasks.SETUID).withEffective(CapMasks.SETUID);
            assertThat(child.at("set PERMITTED " + CapMasks.hex(CapMasks.SETUID))).isEqualTo(lowered);
            refused(child, "try raise INHERITABLE kill setuid", "capset: EPERM: a capability added to inheritable must be in"
                    + " bounding (without CAP_SETPCAP, also in permitted), which lacks cap_kill", lowered);
        }
    }

    @Test
    void ambientNeedsPermittedAndInheritable() {
        try (ObservedChild child = ObservedChild.of(Tries.class, "try raise AMBIENT kill setuid", "lower PERMITTED setuid",
                "try raise AMBIENT setuid").inheriting("setuid", "").start()) {
            refused(child, "try raise AMBIENT kill setuid", "prctl(PR_CAP_AMBIENT): EPERM: ambient must be a subset of"
                    + " inheritable, which lacks cap_kill", child.start());
            long rest = child.start().permitted() & ~CapMasks.SETUID;
            OutsideStatus lowered = child.start().withPermitted(rest).withEffective(rest);
            assertThat(child.at("lower PERMITTED setuid")).isEqualTo(lowered);
            refused(child, "try raise AMBIENT setuid", "prctl(PR_CAP_AMBIENT): EPERM: ambient must be a subset of permitted,"
                    + " which lacks cap_setuid", lowered);
        }
    }

    @Test
    void ambientIsNotRaisedWhereASecurebitForbidsIt() {
        try (ObservedChild child = ObservedChild.of(Tries.class, "try raise AMBIENT setuid").inheriting("setuid", "")
                .secureBits("0xc0").start()) {
            refused(child, "try raise AMBIENT setuid", "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETUID): EPERM:"
                    + " the securebit no_cap_ambient_raise is set", child.start());
        }
    }

    @Test
    void aNumberThatTheKernelDoesNotKnowIsRefused() {
        String unknown = CapMasks.hex(1L << 62);
        try (ObservedChild child = ObservedChild.start(Tries.class, "try set BOUNDING " + unknown, "try set PERMITTED " + unknown,
                "try set INHERITABLE " + unknown, "try set AMBIENT " + unknown)) {
            for (String kind : new String[] {"BOUNDING", "PERMITTED", "INHERITABLE", "AMBIENT"}) {
                Thrown thrown = child.threw();
                assertThat(thrown.errnoName()).as(kind).isEqualTo("EPERM");
                assertThat(thrown.message()).as(kind).contains("62");
                assertThat(thrown.changed()).as(kind).isFalse();
                assertThat(child.at("try set " + kind + " " + unknown)).as(kind).isEqualTo(child.start());
            }
        }
    }
}
