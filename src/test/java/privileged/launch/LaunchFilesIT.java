package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SmallPrograms;
import privileged.harness.Smoke;

/** The files of a launch: scripts, their interpreters, and the standard streams of the child. */
@Privileged
@Smoke
class LaunchFilesIT {

    private static final Identity NOBODY = Identity.of(65534, 65534);

    /** Says the program of the plan, and what the child prints. */
    static final class Runs implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Launcher launcher = Launcher.of(new ProcessBuilder(args)).identity(NOBODY);
            points.say(launcher.plan().program());
            points.say(String.join("|", LaunchWishes.output(launcher.start())));
        }
    }

    static final class Refused implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Launcher launcher = Launcher.of(new ProcessBuilder(args)).identity(NOBODY);
            points.threw(launcher::plan);
            points.threw(launcher::start);
        }
    }

    private static List<String> runs(String... command) {
        try (ObservedChild child = ObservedChild.start(Runs.class, command)) {
            return List.of(child.said(), child.said());
        }
    }

    private static void isRefused(Path script, String message) {
        try (ObservedChild child = ObservedChild.start(Refused.class, script.toString())) {
            assertThat(child.threw().message()).isEqualTo(message);
            assertThat(child.threw().message()).isEqualTo(message);
        }
    }

    @Test
    void theShellRunsAScriptWithoutInterpreter() throws Exception {
        SmallPrograms programs = new SmallPrograms();
        String text = "echo \"$0|$#|$1|$2\"\n";
        Path script = programs.script("plain", text);
        assertThat(runs(script.toString(), "a b", "")).containsExactly("/bin/sh", script + "|2|a b|");
        Path unnamed = programs.script("unnamed", "#!\n" + text);
        assertThat(runs(unnamed.toString())).containsExactly("/bin/sh", unnamed + "|0||");
        Path through = programs.script("through", "#!" + script + "\n" + text);
        assertThat(runs(through.toString())).containsExactly("/bin/sh", through + "|0||");
    }

    @Test
    void opensNoInterpreterThatIsNoProgram(@TempDir Path directory) throws Exception {
        Path fifo = directory.resolve("fifo");
        Command.run("mkfifo", "-m", "777", fifo.toString());
        SmallPrograms programs = new SmallPrograms();
        for (Path interpreter : List.of(fifo, Path.of("/dev/null"), directory, Path.of("/etc/passwd"))) {
            Path script = programs.script("script", "#!" + interpreter + "\n");
            isRefused(script, "execve(" + script + "): EACCES: its interpreter " + interpreter
                    + " cannot be reached, or is no regular file that may be executed");
        }
    }

    @Test
    void theChildOwnsItsPipes() {
        assertThat(runs("/bin/sh", "-c", "echo x >/dev/stdout; echo y >/dev/stderr; cat /dev/stdin; stat -Lc %u:%g /dev/fd/0"))
                .element(1).isEqualTo("x|65534:65534");
    }

    @Test
    void namesTheLimitOfProcesses() {
        try (ObservedChild child = ObservedChild.of(Refused.class, "/bin/true").through("prlimit", "--nproc=0:0")
                .after("setpriv --reuid 65534 --clear-groups sleep 60 <&- >/dev/null 2>&1 &\n:").start()) {
            assertThat(child.saidNothingThrown()).as("plan").isTrue();
            assertThat(child.threw().message()).isEqualTo("execve(/bin/true) [in the child]: EAGAIN: the user has"
                    + " as many processes and threads as RLIMIT_NPROC allows; setrlimit(2)");
        }
    }
}
