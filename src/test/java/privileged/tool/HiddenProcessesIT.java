package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Command;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** A user who sees only some processes gets a list of those, and is told which process is hidden and which is not there. */
@Privileged(also = CapMasks.FOR_NAMESPACES)
@SameInContainers
class HiddenProcessesIT {

    /** More than any pid_max. */
    private static final int NO_PROCESS = 4_194_305;

    private static String[] asUser(int hidepid, String before, String command) {
        return new String[] {"unshare", "--mount", "sh", "-c", "mount -t proc -o hidepid=" + hidepid + " proc /proc && " + before
                + "exec setpriv --reuid 4242 --regid 4242 --clear-groups --bounding-set=-all --inh-caps=-all "
                + String.join(" ", CapsRun.program(command))};
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void listsOnlyWhatProcShows(int hidepid) {
        List<String> lines = Command.lines(asUser(hidepid, "ls -d /proc/1 /proc/$$ && ", "ps --all"));

        assertThat(lines.getFirst()).isEqualTo("/proc/1");
        assertThat(lines.subList(2, lines.size())).isNotEmpty().noneMatch(line -> line.matches(" *1 .*"));
    }

    @ParameterizedTest
    @CsvSource({"1,EPERM", "2,ENOENT", "4,ENOENT"})
    void tellsAHiddenProcessFromOneThatIsNotThere(int hidepid, String errno) {
        for (String command : List.of("show", "threads")) {
            assertThat(Command.result(asUser(hidepid, "", command + " 1")).output()).isEqualTo("caps: open(/proc/1/status): "
                    + errno + ": process 1 is hidden by the mount option hidepid of /proc; CAP_SYS_PTRACE shows it\n");
            assertThat(Command.result(asUser(hidepid, "", command + " " + NO_PROCESS)).output()).isEqualTo("caps: open(/proc/"
                    + NO_PROCESS + "/status): ESRCH: there is no process " + NO_PROCESS + "\n");
        }
    }
}
