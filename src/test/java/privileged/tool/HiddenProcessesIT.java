package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Command;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** A user who sees only some processes gets a list of those, and no error. */
@Privileged(also = CapMasks.FOR_NAMESPACES)
@SameInContainers
class HiddenProcessesIT {

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void listsOnlyWhatProcShows(int hidepid) {
        String ps = String.join(" ", CapsRun.program("ps")) + " --all";
        String user = "setpriv --reuid 4242 --regid 4242 --clear-groups --bounding-set=-all --inh-caps=-all ";

        List<String> lines = Command.lines("unshare", "--mount", "sh", "-c",
                "mount -t proc -o hidepid=" + hidepid + " proc /proc && ls -d /proc/1 /proc/$$ && exec " + user + ps);

        assertThat(lines.getFirst()).isEqualTo("/proc/1");
        assertThat(lines.subList(2, lines.size())).isNotEmpty().noneMatch(line -> line.matches(" *1 .*"));
    }
}
