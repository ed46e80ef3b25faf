package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import nucleus.caps.RestrictedTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Smoke;

/** A launched child is a child of ProcessBuilder in every other respect. */
@Privileged
@Smoke
class LaunchIT {

    private static final String BIND = "0000000000000400";
    private static final Identity NOBODY = Identity.of(65534, 65534);
    private static final String SIGNALS = "grep -E '^Sig(Blk|Ign):' /proc/self/status; echo /proc/self/fd/*";

    private static String said(Process process) throws Exception {
        return String.join("|", LaunchWishes.output(process)).replace('\t', ' ');
    }

    /** Through the JDK alone, and through the launcher. */
    static final class Twice implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            ProcessBuilder shell = new ProcessBuilder("sh", "-c", SIGNALS);
            points.say(said(shell.start()));
            points.say(said(Launcher.of(shell).identity(NOBODY).start()));
            points.at("launched");
        }
    }

    static final class Redirects implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            File directory = new File(args[0]);
            ProcessBuilder builder = new ProcessBuilder("./script", "a b", "").directory(directory)
                    .redirectInput(new File(directory, "in")).redirectOutput(new File(directory, "out"));
            builder.environment().put("ADDED", "x = y");
            builder.environment().remove("HOME");
            Process process = Launcher.of(builder).identity(NOBODY).start();
            process.onExit().get(60, TimeUnit.SECONDS);
            points.say(process.exitValue());
            points.say(builder.command());
            points.at("launched");
        }
    }

    static final class Expects implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CapabilitySet bind = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);
            Launcher root = Launcher.of(new ProcessBuilder("touch", args[0])).bounding(bind);
            Launcher nobody = root.identity(NOBODY);
            points.threw(() -> nobody.expecting(bind, bind).start());
            points.threw(() -> root.expecting(bind, CapabilitySet.NONE).start());
            points.at("refused");
            points.say(root.expecting(bind, bind).start().waitFor());
        }
    }

    /** A thread that holds less can give less, whatever others hold. */
    static final class FromOtherThreads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            ProcessBuilder builder = new ProcessBuilder("sed", "-n", "s/^CapEff:.//p", "/proc/self/status");
            Launcher launcher = Launcher.of(builder)
                    .holding(CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE)).identity(NOBODY);
            points.threw(() -> RestrictedTask.call(thread -> thread.dropAll(), launcher::start));
            FutureTask<String> virtual = new FutureTask<>(() -> said(launcher.start()));
            Thread.ofVirtual().start(virtual);
            points.say(virtual.get());
            points.say(said(launcher.start()));
            points.at("launched");
        }
    }

    @Test
    void leavesNoBlockedSignalAndNoDescriptor() {
        try (ObservedChild child = ObservedChild.of(Twice.class).after("trap '' HUP USR1; exec 7</dev/null").start()) {
            // glibc ignores more signals in a child
            assertThat(child.said()).containsPattern("SigIgn: [0-9a-f]{13}2[0-9a-f][13579bdf]");
            assertThat(child.said()).matches("SigBlk: 0000000000000000\\|SigIgn: 0000000000000000\\|/proc/self/fd/0"
                    + " /proc/self/fd/1 /proc/self/fd/2( /proc/self/fd/3)?"); // the shell reads the directory
            assertThat(child.at("launched")).isEqualTo(child.start());
        }
    }

    @Test
    void keepsRedirectionsEnvironmentAndDirectory(@TempDir Path directory) throws Exception {
        Command.run("chmod", "755", directory.toString());
        Path script = Files.writeString(directory.resolve("script"),
                "#!/bin/sh\npwd; echo \"$1|$2|$ADDED|${HOME-none}\"; cat\n");
        Command.run("chmod", "755", script.toString());
        Files.writeString(directory.resolve("in"), "from a file\n");
        try (ObservedChild child = ObservedChild.start(Redirects.class, directory.toString())) {
            assertThat(child.said()).isEqualTo("0");
            assertThat(child.said()).isEqualTo("[./script, a b, ]");
            child.at("launched");
        }
        assertThat(Files.readAllLines(directory.resolve("out"))).isEqualTo(
                List.of(directory.toRealPath().toString(), "a b||x = y|none", "from a file"));
    }

    @Test
    void refusesAProgramThatWouldHoldSomethingElse(@TempDir Path directory) {
        Path made = directory.resolve("made");
        try (ObservedChild child = ObservedChild.start(Expects.class, made.toString())) {
            assertThat(child.threw().message()).endsWith("it would begin with permitted=none effective=none, not"
                    + " permitted=cap_net_bind_service effective=cap_net_bind_service");
            assertThat(child.threw().message()).contains("not permitted=cap_net_bind_service effective=none");
            child.at("refused");
            assertThat(made).doesNotExist();
            assertThat(child.said()).isEqualTo("0");
            assertThat(made).exists();
        }
    }

    @Test
    void launchesFromTheCallingThread() {
        try (ObservedChild child = ObservedChild.start(FromOtherThreads.class)) {
            assertThat(child.threw().message()).contains("nothing can be added to bounding");
            assertThat(child.said()).isEqualTo(BIND);
            assertThat(child.said()).isEqualTo(BIND);
            assertThat(child.at("launched")).isEqualTo(child.start());
        }
    }
}
