package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/**
 * Securebits as a thread or all of them end with. No file of /proc shows them, so they are not read from outside like
 * the rest: capsh, which inherits those of the thread that starts it, prints them, and a thread tells them by a call
 * of the test's own. Of threads that can do neither, those of the JVM, only the library's own round tells.
 */
@Privileged
@SameInContainers
class WithSecureBitsIT {

    private static final long KEPT = CapMasks.KILL | CapMasks.SETUID;
    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final Pattern WORD = Pattern.compile("Securebits: [0-7]+/(0x[0-9a-f]+)/");

    /** What a program sees that this thread starts, and what the thread itself says. */
    static void say(Checkpoints points) throws IOException, InterruptedException {
        Matcher word = WORD.matcher(Command.run("capsh", "--print"));
        points.say((word.find() ? word.group(1) : "nothing") + " 0x"
                + Long.toHexString(Syscalls.securebits()));
    }

    static Phase.Ended drop(Phase.Initial initial, String how, String sets) {
        return switch (how) {
            case "drop" -> initial.drop(SOMEBODY);
            case "dropAll" -> initial.dropAll();
            case "dropExcept" -> initial.dropExcept(CapabilitySet.ofMask(sets));
            case "keepAndSwitch" -> initial.dropExcept(CapabilitySet.ofMask(sets), SOMEBODY);
            case "inSteps" -> initial.dropBoundingSetExcept(CapabilitySet.ofMask(sets)).switchIdentity(SOMEBODY)
                    .finalizeDrop();
            case "apply" -> initial.apply(ChildArguments.sets(sets));
            case "applyAndSwitch" -> initial.apply(ChildArguments.sets(sets), SOMEBODY);
            case "lockUnprivileged" -> initial.lockUnprivileged();
            default -> throw new IllegalArgumentException(how);
        };
    }

    /** Scope, bits, way and sets. */
    static final class Drops implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Phase.Initial initial = Caps.begin(Scope.valueOf(args[0]),
                    options -> options.withSecureBits(SecureBits.parse(args[1])));
            points.threw(() -> points.say(drop(initial, args[2], args[3]).observed().stream()
                    .map(ThreadStatus::secureBits).distinct().toList()));
            points.at("done");
            say(points);
        }
    }

    private static String sets(String how) {
        long i = how.equals("applyAndSwitch") ? KEPT : 0;
        return how.startsWith("apply") ? OutsideStatus.mine().withSets(KEPT, KEPT, CapMasks.KILL, i, i).masks()
                : CapMasks.hex(KEPT);
    }

    private static OutsideStatus end(OutsideStatus start, String how) {
        long i = how.equals("applyAndSwitch") ? KEPT : 0;
        return switch (how) {
            case "drop" -> start.holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs();
            case "dropAll" -> start.holdingOnly(0).withNoNewPrivs();
            case "dropExcept" -> start.holdingOnly(KEPT).withNoNewPrivs();
            case "keepAndSwitch", "inSteps" -> start.holdingOnly(KEPT).as(NOBODY, NOBODY).withNoNewPrivs();
            case "apply" -> start.withSets(KEPT, KEPT, CapMasks.KILL, 0, 0);
            default -> start.withSets(KEPT, KEPT, CapMasks.KILL, i, i).as(NOBODY, NOBODY);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "THREAD, drop, 0xef", "THREAD, dropAll, 0xef", "THREAD, dropExcept, 0xef", "THREAD, keepAndSwitch, 0xef",
        "THREAD, inSteps, 0xef", "THREAD, apply, 0xef", "THREAD, applyAndSwitch, 0xef",
        "PROCESS, drop, 0xef", "PROCESS, dropAll, 0xef", "PROCESS, dropExcept, 0xef", "PROCESS, keepAndSwitch, 0xef",
        "PROCESS, inSteps, 0xef", "PROCESS, apply, 0xef", "PROCESS, applyAndSwitch, 0xef",
        "THREAD, keepAndSwitch, 0x3", "PROCESS, keepAndSwitch, 0x20", "PROCESS, applyAndSwitch, 0x2f",
        "PROCESS, drop, 0xa",
    })
    void everyStepEndsWithThem(String scope, String how, String bits) {
        try (ObservedChild held = ObservedChild.start(Drops.class, scope, bits, how, sets(how))) {
            ObservedChild child = scope.equals("PROCESS") ? held.together() : held.inheriting("process reaper");
            assertThat(child.said()).isEqualTo("[Optional[" + SecureBits.parse(bits) + "]]");
            nothing(child);
            assertThat(child.at("done")).isEqualTo(end(child.start(), how));
            assertThat(child.said()).isEqualTo(bits + " " + bits);
        }
    }

    private static void nothing(ObservedChild child) {
        assertThat(child.saidNothingThrown()).isTrue();
    }

    /** KEEPCAPS cannot carry anything across the uid here; NO_SETUID_FIXUP, which is to be set anyway, does. */
    @ParameterizedTest
    @CsvSource({"THREAD, keepAndSwitch", "PROCESS, keepAndSwitch", "PROCESS, inSteps", "PROCESS, applyAndSwitch"})
    void keepsThroughNoSetuidFixupWhenKeepCapsIsLocked(String scope, String how) {
        try (ObservedChild held = ObservedChild.of(Drops.class, scope, "0xef", how, sets(how)).secureBits("0x20").start()) {
            ObservedChild child = scope.equals("PROCESS") ? held.together() : held.inheriting("process reaper");
            child.said();
            nothing(child);
            assertThat(child.at("done")).isEqualTo(end(child.start(), how));
            assertThat(child.said()).isEqualTo("0xef 0xef");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0x2    | 0xef | EPERM: these securebits are locked and cannot be changed: noroot",
        "0xc0   | 0x0  | EPERM: these securebits are locked and cannot be changed: no_cap_ambient_raise",
        "0x20   | 0x3  | EPERM: these locks of securebits cannot be removed: keep_caps_locked",
    })
    void refusesToChangeALockedBit(String start, String bits, String message) {
        for (String how : new String[] {"drop", "apply", "dropExcept"}) {
            try (ObservedChild child =
                    ObservedChild.of(Drops.class, "PROCESS", bits, how, sets(how)).secureBits(start).start().together()) {
                Thrown thrown = child.threw();
                assertThat(thrown.message()).as(how).startsWith("prctl(PR_SET_SECUREBITS, ").endsWith(message);
                assertThat(thrown.changed()).isFalse();
                assertThat(child.at("done")).isEqualTo(child.start());
                assertThat(child.said()).isEqualTo(start + " " + start);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop", "keepAndSwitch", "apply"})
    void refusesABitThatTheKernelDoesNotKnow(String how) {
        try (ObservedChild child = ObservedChild.start(Drops.class, "PROCESS", "0xef,0x40000000", how, sets(how)).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).contains("PR_SET_SECUREBITS", "a kernel that does not know 0x40000000");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("done")).isEqualTo(child.start());
            assertThat(child.said()).isEqualTo("0x0 0x0");
        }
    }
}
