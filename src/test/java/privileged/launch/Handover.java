package privileged.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import privileged.harness.ChildCommand;

/** Launches that keep descriptors, and the descriptors of the JVM that launches. */
final class Handover {

    static final Path NET_UNIX = Path.of("/proc/net/unix");
    private static final Identity NOBODY = Identity.of(65534, 65534);

    private Handover() {
    }

    static Launcher nobody(Set<Integer> kept, String... command) {
        return Launcher.of(new ProcessBuilder(command).redirectErrorStream(true)).identity(NOBODY).keeping(kept);
    }

    static String said(Launcher launcher) throws Exception {
        return String.join("|", LaunchWishes.output(launcher.start()));
    }

    static Set<String> descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return new HashSet<>(all.map(each -> each.getFileName().toString()).toList());
        }
    }

    static ChildCommand with(ChildCommand child, String redirections) {
        return child.after("exec " + redirections);
    }
}
