package privileged.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Thrown;

/** Ids, numbers and names: those that are there, and those that are not. */
@Privileged
class LookupsIT {

    static final class ReadsUnknown implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            AtomicLong tid = new AtomicLong();
            Checkpoints.onNewThread(() -> tid.set(Caps.thread().tid()));
            long gone = tid.get();
            points.say(gone);
            points.at("ended");
            for (long id : new long[] {0, -1, Long.MIN_VALUE, gone, 99_999_999_999L}) {
                points.threw(() -> Caps.thread(id));
                points.threw(() -> Caps.process(id));
                points.threw(() -> Caps.threads(id));
            }
            points.threw(() -> Caps.process(Caps.thread().tid()));
            points.at("after");
        }
    }

    static final class LooksUp implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            for (String user : args) {
                Identity identity = Caps.identityOf(user);
                points.say(identity.uid() + " " + identity.gid() + " " + identity.groups());
            }
            points.say(Caps.supported().mask());
            points.threw(() -> Caps.identityOf("no-such-user"));
            points.threw(() -> Caps.identityOf(""));
            points.threw(() -> Caps.identityOf("root\0"));
            points.say(Caps.gidOf("daemon"));
            points.threw(() -> Caps.gidOf("no-such-group"));
            points.threw(() -> Caps.gidOf(""));
            points.threw(() -> Caps.gidOf("g".repeat(256)));
            points.threw(() -> Capability.of("cap_net_bind_servce"));
            points.threw(() -> CapabilitySet.parse("cap_chown,sys_admn"));
            points.threw(() -> Identity.of(0xFFFF_FFFFL, 0));
            points.threw(() -> Identity.of(0, 0xFFFF_FFFFL));
            points.threw(() -> Identity.of(0, 0, 0xFFFF_FFFFL));
            points.at("after");
        }
    }

    /** A thread that was joined has ended to Java; the kernel may need a little longer. */
    private static void awaitGone(Path thread) throws InterruptedException {
        for (int i = 0; i < 6_000 && Files.exists(thread); i++) {
            Thread.sleep(5);
        }
        assertThat(thread).doesNotExist();
    }

    @Test
    void anIdWithoutAThreadIsRefused() throws InterruptedException {
        try (ObservedChild child = ObservedChild.start(ReadsUnknown.class)) {
            String gone = child.said();
            child.at("ended");
            awaitGone(Path.of("/proc", gone));
            for (String id : new String[] {"0", "-1", Long.toString(Long.MIN_VALUE)}) {
                refused(child, "open(/proc/" + id + "/status): EINVAL: the id of a ", " must be positive");
            }
            for (String id : new String[] {gone, "99999999999"}) {
                refused(child, "open(/proc/" + id + "/status): ESRCH: there is no ", " " + id);
            }
            Thrown thread = child.threw();
            assertThat(child.at("after")).isEqualTo(child.start());
            assertThat(thread.errnoName()).isEqualTo("ESRCH");
            assertThat(thread.message()).isEqualTo(
                    "read(/proc/%1$d/status): ESRCH: %1$d is a thread of process %2$d, not a process",
                    child.thread(), child.process());
        }
    }

    private static void refused(ObservedChild child, String start, String end) {
        for (String what : new String[] {"thread", "process", "process"}) {
            Thrown thrown = child.threw();
            assertThat(thrown.type()).isEqualTo("CapsException");
            assertThat(thrown.message()).isEqualTo(start + what + end);
            assertThat(thrown.changed()).isFalse();
        }
    }

    @Test
    void namesAndNumbersAreLookedUp() throws IOException, InterruptedException {
        try (ObservedChild child = ObservedChild.start(LooksUp.class, "nobody", "root", "daemon")) {
            for (String user : new String[] {"nobody", "root", "daemon"}) {
                String groups = Arrays.stream(Command.run("id", "-G", user).strip().split(" ")).mapToLong(Long::parseLong)
                        .sorted().boxed().toList().toString();
                assertThat(child.said())
                        .isEqualTo(Command.run("id", "-u", user).strip() + " " + Command.run("id", "-g", user).strip() + " "
                                + groups);
            }
            int last = Integer.parseInt(Command.run("cat", "/proc/sys/kernel/cap_last_cap").strip());
            assertThat(child.said()).isEqualTo(CapMasks.hex((1L << last + 1) - 1));
            thrown(child, "CapsException", "getpwnam_r(\"no-such-user\"): there is no such user");
            thrown(child, "IllegalArgumentException", "not the name of a user: \"\"");
            thrown(child, "IllegalArgumentException", "not the name of a user: \"root\\0\"");
            assertThat(child.said()).isEqualTo(Command.run("getent", "group", "daemon").split(":")[2]);
            thrown(child, "CapsException", "getgrnam_r(\"no-such-group\"): there is no such group");
            thrown(child, "IllegalArgumentException", "not the name of a group: \"\"");
            thrown(child, "IllegalArgumentException", "the name of a group has at most 255 bytes, not 256");
            thrown(child, "IllegalArgumentException",
                    "no capability is named \"cap_net_bind_servce\"; the nearest is cap_net_bind_service");
            thrown(child, "IllegalArgumentException",
                    "no capability is named \"sys_admn\"; the nearest is cap_sys_admin");
            for (String what : new String[] {"uid", "gid", "group"}) {
                thrown(child, "IllegalArgumentException", what
                        + " must be 0 to 4294967294, not 4294967295; the kernel reads this number as \"unchanged\"");
            }
            assertThat(child.at("after")).isEqualTo(child.start());
        }
    }

    private static void thrown(ObservedChild child, String type, String message) {
        assertThat(child.threw()).extracting(Thrown::type, Thrown::message).containsExactly(type, message);
    }
}
