package privileged.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What a machine or container may lack besides capabilities. A test declares with {@link Requires} what it needs. */
public enum Requirement {

    /** They need no capability, but a filter, a sysctl or a security module may forbid them. */
    USER_NAMESPACES {
        @Override
        boolean isMet() {
            return Command.result("unshare", "--user", "true").status() == 0;
        }
    },

    USER_NAMESPACES_FOR_NOBODY {
        @Override
        boolean isMet() {
            return Command.result("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "unshare", "--user",
                    "--map-root-user", "true").status() == 0;
        }
    },

    IO_URING {
        @Override
        boolean isMet() {
            long ring = Syscalls.ring(0);
            if (ring >= 0) {
                Syscalls.close(ring);
            }
            return ring >= 0;
        }
    },

    /** A user namespace need not map every id. */
    ALL_IDS {
        @Override
        boolean isMet() {
            try {
                return Files.readString(Path.of("/proc/self/uid_map")).strip().matches("0 +0 +4294967295");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },

    /** Before Linux 6.14 all pid namespaces share one pid_max. */
    PID_MAX_PER_NAMESPACE {
        @Override
        boolean isMet() {
            String[] release = System.getProperty("os.version").split("[.-]");
            return Integer.parseInt(release[0]) * 100 + Integer.parseInt(release[1]) >= 614;
        }
    },

    /** Before Java 24 native access without a grant only prints a warning. */
    JAVA_24 {
        @Override
        boolean isMet() {
            return Runtime.version().feature() >= 24;
        }
    };

    /** {@link TestReports} finds it in the reports. */
    static final String NOT_AVAILABLE = "not available here: ";

    abstract boolean isMet();

    /** Skips the test that calls this if the requirement is not met. */
    public void orSkip() {
        Assumptions.assumeTrue(isMet(), this::reason);
    }

    /** {@return the words by which a skipped test names this requirement} */
    public String reason() {
        return NOT_AVAILABLE + this;
    }
}
