package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** What a process can give up that has no CAP_SETPCAP, as in a container that runs as an ordinary user. */
@Privileged
class LockUnprivilegedIT {

    static final class Locks implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.valueOf(args[0]));
            points.threw(() -> points.say(initial.lockUnprivileged().noNewPrivs()));
            points.at("done");
        }
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void clearsAllButTheBoundingSet(Scope scope) {
        try (ObservedChild held = ObservedChild.of(Locks.class, scope.name()).asNobodyWith("kill,net_raw").start()) {
            ObservedChild child = scope == Scope.PROCESS ? held.together() : held;
            OutsideStatus start = child.start();
            assertThat(start.permitted()).isEqualTo(CapMasks.KILL | CapMasks.NET_RAW).isEqualTo(start.ambient());
            assertThat(start.bounding()).isEqualTo(OutsideStatus.mine().bounding());
            assertThat(child.said()).isEqualTo("true");
            assertThat(child.saidNothingThrown()).isTrue();
            assertThat(child.at("done")).isEqualTo(start.withSets(start.bounding(), 0, 0, 0, 0).withNoNewPrivs());
        }
    }

    @Test
    void locksAProcessThatHoldsNothing() {
        try (ObservedChild child = ObservedChild.of(Locks.class, "PROCESS").asNobodyWith("").start().together()) {
            assertThat(child.said()).isEqualTo("true");
            assertThat(child.saidNothingThrown()).isTrue();
            assertThat(child.at("done")).isEqualTo(child.start().withNoNewPrivs());
        }
    }

    /** Ids as the argument says them, real, effective and saved, before it is tried. */
    static final class LocksAs implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            String[] ids = args[0].split("/");
            Syscalls.setresuid(Long.parseLong(ids[0]), Long.parseLong(ids[1]), Long.parseLong(ids[2]));
            if (ids.length > 3) {
                Syscalls.setfsuid(Long.parseLong(ids[3]));
            }
            points.at("before");
            points.threw(initial::lockUnprivileged);
            points.at("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/0/0", "0/7/7", "7/0/7", "7/7/0", "7/0/7/7"})
    void oneUidThatIsRootIsRefused(String ids) {
        try (ObservedChild child = ObservedChild.start(LocksAs.class, ids)) {
            OutsideStatus before = child.at("before");
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("lockUnprivileged: a uid is 0 (").endsWith("switch the identity first");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(before);
        }
    }

    /** Threads come and go meanwhile: one born of a locked one is asked once more for what it has already. */
    static final class LocksBits implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            AtomicBoolean going = new AtomicBoolean(true);
            Thread churn = Thread.ofPlatform().start(() -> {
                while (going.get()) {
                    Thread child = Thread.ofPlatform().start(() -> {});
                    try {
                        child.join();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            Phase.Initial initial = Caps.begin(Scope.PROCESS,
                    options -> options.withSecureBits(SecureBits.parse(args[0])));
            points.threw(() -> points.say(initial.lockUnprivileged().observed().size() > 5));
            going.set(false);
            churn.join();
            points.say("0x" + Long.toHexString(Syscalls.securebits()));
            points.at("done");
        }
    }

    @Test
    void twoSecurebitsNeedNoPrivilege() throws IOException {
        try (ObservedChild child =
                ObservedChild.of(LocksBits.class, "exec_restrict_file,exec_restrict_file_locked").asNobodyWith("")
                        .start().together()) {
            if (knowsThem()) {
                assertThat(child.said()).isEqualTo("true");
                assertThat(child.saidNothingThrown()).isTrue();
                assertThat(child.said()).isEqualTo("0x300");
                assertThat(child.at("done")).isEqualTo(child.start().withNoNewPrivs());
            } else {
                assertThat(child.threw().message())
                        .contains("a kernel that does not know exec_restrict_file,exec_restrict_file_locked");
                assertThat(child.said()).isEqualTo("0x0");
                assertThat(child.at("done")).isEqualTo(child.start());
            }
        }
    }

    private static boolean knowsThem() throws IOException {
        String[] release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).split("\\D+", 3);
        int version = 1000 * Integer.parseInt(release[0]) + Integer.parseInt(release[1]);
        return version >= 6014;
    }

    @Test
    void otherSecurebitsNeedSetpcap() {
        try (ObservedChild child = ObservedChild.of(LocksBits.class, "noroot").asNobodyWith("").start().together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).isEqualTo("prctl(PR_SET_SECUREBITS, 0x1): EPERM: needs CAP_SETPCAP in the"
                    + " effective set, which holds none");
            assertThat(child.said()).isEqualTo("0x0");
            assertThat(child.at("done")).isEqualTo(child.start());
        }
    }
}
