package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.tool.CapsRun.NOBODY;
import static privileged.tool.CapsRun.caps;
import static privileged.tool.CapsRun.output;
import static privileged.tool.CapsRun.status;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import privileged.harness.Privileged;

/** {@code caps run} says in one line why it cannot run the command, and the status tells what kind of reason it is. */
@Privileged
class RunRefusalsIT {

    /** A job of a shell with job control leads its process group. setsid(1) then forks, and the command has another id. */
    @Test
    void refusesANewSessionToTheLeaderOfAGroup() throws Exception {
        List<String> job = List.of("bash", "-c", "set -m; \"$@\"; exit $?", "bash");
        Process process = caps(job, NOBODY + "--new-session", "true");
        assertThat(output(process)).isEqualTo("caps: setsid(): EPERM: this process leads a process group, as each command of an"
                + " interactive shell does; start it by setsid --wait instead\n");
        assertThat(status(process)).isEqualTo(125);
        Process instead = caps(Stream.concat(job.stream(), Stream.of("setsid", "--wait")).toList(), NOBODY, "sh", "-c",
                "set -- $(ps -o sid= -p $$); [ $1 = $$ ] && echo leads");
        assertThat(output(instead)).isEqualTo("leads\n");
        assertThat(status(instead)).isZero();
    }

    /** The new user must be allowed to enter the directory. */
    @Test
    void refusesADirectoryThatTheUserCannotEnter() throws Exception {
        Path directory = Files.createTempDirectory("of-root-"); // its mode is 0700
        Process process = caps(NOBODY + "--chdir " + directory, "pwd");
        assertThat(output(process))
                .isEqualTo("caps: chdir(" + directory + "): EACCES: the caller may not reach or read it\n");
        assertThat(status(process)).isEqualTo(125);
    }

    /** The user cannot know whether it is there, so the status is not that of a command that is not found. */
    @Test
    void refusesAProgramThatTheUserCannotReach() throws Exception {
        Path program = Files.createTempDirectory("of-root-").resolve("program");
        Process process = caps(NOBODY, program.toString());
        assertThat(output(process)).isEqualTo("caps: execve(" + program + "): EACCES: " + program
                + ": the caller may not reach or read it\n");
        assertThat(status(process)).isEqualTo(126);
    }

    @Test
    void aRefusalIsOneLineAndAStatusOfItsOwn() throws Exception {
        Process refused = caps("--keep 63", "id");
        assertThat(output(refused)).isEqualTo(
                "caps: prctl(PR_CAPBSET_DROP): EPERM: nothing can be added to bounding, which lacks 63\n");
        assertThat(status(refused)).isEqualTo(125);
        Process missing = caps(NOBODY, "/no/command");
        assertThat(output(missing)).isEqualTo("caps: execve(/no/command): ENOENT: there is no such program\n");
        assertThat(status(missing)).isEqualTo(127);
        Process text = caps(NOBODY, "/etc/passwd");
        assertThat(output(text)).isEqualTo("caps: execve(/etc/passwd): EACCES: nobody may execute /etc/passwd\n");
        assertThat(status(text)).isEqualTo(126);
        Process usage = caps("--uid", "id");
        assertThat(output(usage)).isEqualTo("caps: --uid needs a value (caps --help)\n");
        assertThat(status(usage)).isEqualTo(2);
        Process user = caps("--uid no-such-user", "id");
        assertThat(output(user)).isEqualTo("caps: getpwnam_r(\"no-such-user\"): there is no such user\n");
        assertThat(status(user)).isEqualTo(125);
    }
}
