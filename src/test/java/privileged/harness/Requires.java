package privileged.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What not every machine and container lets root have: tried, for the tests that need it. */
public final class Requires {

    private Requires() {
    }

    /** They need no capability, but a filter, a sysctl or a security module may forbid them. */
    public static void areUserNamespaces() throws IOException {
        needed(works("unshare", "--user", "true"), "user namespaces");
    }

    /** The same for nobody. */
    public static void areUserNamespacesForEverybody() throws IOException {
        needed(works("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "unshare", "--user",
                "--map-root-user", "true"), "user namespaces for everybody");
    }

    public static void isIoUring() {
        long ring = Syscalls.ring(0);
        if (ring >= 0) {
            Syscalls.close(ring);
        }
        needed(ring >= 0, "io_uring");
    }

    /** A user namespace need not map all of them. */
    public static void isEveryId() throws IOException {
        String map = Files.readString(Path.of("/proc/self/uid_map")).strip();
        needed(map.matches("0 +0 +4294967295"), "ids without a mapping in this user namespace, whose map is " + map);
    }

    /** What was built may be shared with those who only look at it. */
    public static void canBeWritten(Path directory) {
        needed(Files.isWritable(directory), directory + " to write to");
    }

    private static boolean works(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.onExit().join().exitValue() == 0;
    }

    private static void needed(boolean there, String what) {
        assumeTrue(there, "not to be had here: " + what);
    }
}
