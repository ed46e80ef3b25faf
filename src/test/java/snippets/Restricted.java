package snippets;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import nucleus.caps.RestrictedTask;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;

/** The documentation's examples of restricted threads and programs in a JVM that keeps its privileges. */
public final class Restricted {

    private Restricted() {
    }

    public static void single() throws Exception {
        // @start region="single"
        ThreadCaps thread = Caps.thisThread();
        thread.lower(SetKind.EFFECTIVE, Capability.CAP_DAC_OVERRIDE);
        try {
            Files.readString(Path.of("/etc/hostname"));   // if its mode allows
        } finally {
            thread.raise(SetKind.EFFECTIVE, Capability.CAP_DAC_OVERRIDE);
        }
        // @end
    }

    public static String task() throws Exception {
        Path file = Path.of("/etc/passwd");
        // @start region="task"
        String text = RestrictedTask.call(thread -> thread.drop(Identity.of(65534, 65534)), // only the new thread
                () -> Files.readString(file));                                              // runs after the drop
        // @end
        return text.lines().findFirst().orElseThrow(() -> new NoSuchFileException(file.toString()));
    }

    public static String launch() throws Exception {
        // @start region="launch"
        Process child = Launcher.of(new ProcessBuilder("grep", "CapEff", "/proc/self/status"))
                .identity(Identity.of(65534, 65534))
                .holding(CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE))
                .start();
        // @end
        return child.inputReader().readLine();
    }
}
