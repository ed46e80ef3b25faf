package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadCaps;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Syscalls;

/** What securebits do after they were set: in pools, in new threads, in programs, and when they are changed again. */
@Privileged
class SecureBitsAfterwardsIT {

    private static final long KEPT = CapMasks.KILL | CapMasks.SETUID;
    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    /** Pools that were there before, and threads that come later. */
    static final class WithPool implements ChildScenario.WithSyscalls {

        private static final Duration PATIENCE = Duration.ofSeconds(30);

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(2);
            pool.submit(() -> {}).get();
            Caps.begin(Scope.PROCESS, options -> options.withSecureBits(SecureBits.LOCKED_DOWN))
                    .dropExcept(CapabilitySet.ofMask(args[0]), SOMEBODY);
            points.at("dropped");
            pool.submit(() -> {
                WithSecureBitsIT.say(points);
                return null;
            }).get();
            Checkpoints.onNewThread(() -> WithSecureBitsIT.say(points));
            points.say(others());
            System.exit(0);
        }

        /** A thread that was joined may be listed for a moment, and could not be asked. */
        private static List<ThreadStatus> others() {
            long began = System.nanoTime();
            List<ThreadStatus> others;
            do {
                others = Caps.threads().stream().filter(thread -> thread.secureBits()
                        .filter(SecureBits.LOCKED_DOWN::equals).isEmpty()).toList();
            } while (!others.isEmpty() && System.nanoTime() - began < PATIENCE.toNanos());
            return others;
        }
    }

    @Test
    void setsThemOnOldAndNewThreads() {
        try (ObservedChild child = ObservedChild.start(WithPool.class, CapMasks.hex(KEPT)).together()) {
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(KEPT).as(NOBODY, NOBODY).withNoNewPrivs());
            assertThat(child.said()).isEqualTo("0xef 0xef");
            assertThat(child.said()).isEqualTo("0xef 0xef");
            assertThat(child.said()).isEqualTo("[]");
        }
    }

    /** What they are good for: a program that uid 0 starts is given nothing for being root's. */
    static final class StaysRoot implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Caps.begin(Scope.PROCESS, options -> args[1].equals("0x0") ? options.allowNewPrivileges()
                    : options.allowNewPrivileges().withSecureBits(SecureBits.parse(args[1])))
                    .dropExcept(CapabilitySet.ofMask(args[0]));
            points.say(Command.run("grep", "-E", "^CapEff", "/proc/self/status").split("\\s+")[1]);
        }
    }

    @Test
    void norootGivesAProgramOfRootNothing() {
        try (ObservedChild child = ObservedChild.start(StaysRoot.class, CapMasks.hex(KEPT), "0x0")) {
            assertThat(child.said()).isEqualTo(CapMasks.hex(KEPT));
        }
        try (ObservedChild child = ObservedChild.start(StaysRoot.class, CapMasks.hex(KEPT), "noroot,noroot_locked")) {
            assertThat(child.said()).isEqualTo(CapMasks.hex(0));
        }
    }

    /** Changes them, and nothing else. */
    static final class Alone implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Caps.begin(Scope.PROCESS, options -> options.withSecureBits(SecureBits.LOCKED_DOWN)).apply(Caps.thread().sets());
            points.at("done");
            WithSecureBitsIT.say(points);
        }
    }

    @Test
    void changesThemAlone() {
        try (ObservedChild child = ObservedChild.of(Alone.class).inheriting("kill", "kill").start().together()) {
            assertThat(child.at("done")).isEqualTo(child.start());
            assertThat(child.said()).isEqualTo("0xef 0xef");
        }
    }

    /** One thread, bit by bit. */
    static final class OneThread implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            ThreadCaps caps = Caps.thisThread();
            caps.set(SecureBits.of(SecureBit.NOROOT, SecureBit.KEEP_CAPS));
            points.say(caps.secureBits() + " 0x" + Long.toHexString(Syscalls.securebits()));
            caps.set(caps.secureBits().without(SecureBit.KEEP_CAPS).locking(SecureBit.NOROOT));
            points.say(caps.secureBits() + " 0x" + Long.toHexString(Syscalls.securebits()));
            points.threw(() -> caps.set(SecureBits.NONE.locking(SecureBit.NOROOT)));
            points.threw(() -> caps.set(caps.secureBits().with(SecureBit.NO_SETUID_FIXUP).without(SecureBit.NOROOT)));
            points.threw(() -> caps.set(new SecureBits(caps.secureBits().bits() | 0x40000000)));
            points.at("refused");
            caps.setNoNewPrivs();
            points.at("no_new_privs");
        }
    }

    @Test
    void readsSetsAndLocksBitsOfOneThread() {
        try (ObservedChild child = ObservedChild.start(OneThread.class)) {
            assertThat(child.said()).isEqualTo("noroot,keep_caps 0x11");
            assertThat(child.said()).isEqualTo("noroot,noroot_locked 0x3");
            assertThat(child.threw().message()).endsWith("EPERM: these securebits are locked and cannot be changed: noroot");
            assertThat(child.threw().message()).endsWith("EPERM: these securebits are locked and cannot be changed: noroot");
            assertThat(child.threw().message()).contains("a kernel that does not know 0x40000000");
            assertThat(child.at("refused")).isEqualTo(child.start());
            assertThat(child.at("no_new_privs")).isEqualTo(child.start().withNoNewPrivs());
        }
    }
}
