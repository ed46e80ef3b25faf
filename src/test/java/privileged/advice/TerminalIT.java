package privileged.advice;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.Syscalls;

/** A JVM that was started from a shell of root, in its terminal. */
@Privileged
@SameInContainers
class TerminalIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    private final Path place = Modules.directory("rwxr-xr-x");

    static final class Types implements ChildScenario.WithSyscalls {

        private static final long AT_FDCWD = -100;
        private static final long O_RDWR = 2;
        private static final long TIOCSTI = 0x5412;

        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            points.say(initial.advise(SOMEBODY).stream().filter(advice -> advice.kind() == Advice.Kind.TERMINAL).toList());
            initial.drop(SOMEBODY);
            points.at("dropped");
            points.say(typed("id -u >" + args[0] + "\n"));
        }

        /** {@return the answer of the kernel to each character, or to the attempt to open the terminal} */
        private static String typed(String text) {
            try (Arena arena = Arena.ofConfined()) {
                long terminal = Syscalls.make(Syscalls.Call.OPENAT.number(), AT_FDCWD,
                        arena.allocateFrom("/dev/tty").address(), O_RDWR);
                if (terminal < 0) {
                    return "no terminal";
                }
                MemorySegment character = arena.allocate(JAVA_BYTE);
                for (byte each : text.getBytes(StandardCharsets.US_ASCII)) {
                    character.set(JAVA_BYTE, 0, each);
                    if (Syscalls.make(Syscalls.Call.IOCTL.number(), terminal, TIOCSTI, character.address()) != 0) {
                        return "refused";
                    }
                }
                return "typed";
            }
        }
    }

    /**
     * In a terminal of script(1), whose standard streams are not the terminal. Then a shell of root reads one line there and
     * runs it, if there is one. The FIFO keeps script from an end of its input.
     */
    private ObservedChild inTerminal(boolean reads, String... through) {
        String then = reads ? "read -r line; eval \"\\$line\"" : "true";
        return ObservedChild.of(Types.class, place.resolve("ran").toString()).through(through).through("sh", "-ec",
                "cd " + place + "; for word; do printf \"'%s' \" \"$word\"; done >command; mkfifo silence; exec 3<&0 4>&1 5>&2;"
                        + " SHELL=/bin/sh exec script -qec \"(. ./command) <&3 >&4 2>&5; " + then + "\" /dev/null <>silence >seen"
                        + " 2>&1",
                "sh").start().together();
    }

    private static boolean isAllowed() throws IOException {
        Path sysctl = Path.of("/proc/sys/dev/tty/legacy_tiocsti");
        return !Files.exists(sysctl) || Files.readString(sysctl).strip().equals("1");
    }

    @Test
    void theNewUserCanTypeForRoot() throws IOException {
        boolean allowed = isAllowed();
        try (ObservedChild child = inTerminal(allowed)) {
            assertThat(child.said()).isEqualTo(allowed ? "[the new user can type commands into the terminal, and the shell of the"
                    + " old user runs them, because the JVM has a controlling terminal, and the kernel allows TIOCSTI; start the"
                    + " JVM with setsid(1), or set the sysctl dev.tty.legacy_tiocsti to 0]" : "[]");
            child.at("dropped");
            assertThat(child.said()).isEqualTo(allowed ? "typed" : "refused");
        }
        assertThat(place.resolve("ran").toFile().exists()).isEqualTo(allowed);
        if (allowed) {
            assertThat(place.resolve("ran")).hasContent("0");
        }
    }

    @Test
    void inASessionOfItsOwnItCannot() {
        try (ObservedChild child = inTerminal(false, "setsid", "--wait")) {
            assertThat(child.said()).isEqualTo("[]");
            child.at("dropped");
            assertThat(child.said()).isEqualTo("no terminal");
        }
    }
}
