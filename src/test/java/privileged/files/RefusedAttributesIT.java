package privileged.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.FileCapabilities;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;

/** The cause of a refused change of file capabilities, for a caller that holds CAP_SETFCAP. */
@Privileged(also = CapMasks.SETFCAP)
class RefusedAttributesIT {

    private static final FileCapabilities KILL = FileCapabilities.parse("cap_kill=p");

    private Path file;

    @BeforeEach
    void file(@TempDir Path directory) throws IOException {
        file = Files.createFile(directory.resolve("file"));
    }

    private String refusal(String call, String cause) {
        return call + "(" + file + ", security.capability): " + cause;
    }

    @ParameterizedTest
    @ValueSource(strings = {"i", "a"})
    @Privileged(also = CapMasks.LINUX_IMMUTABLE)
    @Requires(Requirement.ALL_IDS) // only the initial user namespace may set these attributes
    void namesAnImmutableAndAnAppendOnlyFile(String attribute) {
        KILL.write(file);
        Command.run("chattr", "+" + attribute, file.toString());
        try {
            assertThatThrownBy(() -> KILL.write(file)).hasMessage(
                    refusal("lsetxattr", "EPERM: the file is immutable or append-only, chattr(1)"));
            assertThatThrownBy(() -> FileCapabilities.remove(file)).hasMessage(
                    refusal("lremovexattr", "EPERM: the file is immutable or append-only, chattr(1)"));
        } finally {
            Command.run("chattr", "-" + attribute, file.toString());
        }
    }

    /** Arguments: a file, a root uid. */
    static final class Writes implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> KILL.withRootUid(Long.parseLong(args[1])).write(Path.of(args[0])));
        }
    }

    private String refusalInANamespace(int rootUid) {
        try (ObservedChild child = ObservedChild.of(Writes.class, file.toString(), Integer.toString(rootUid))
                .through("unshare", "--user", "--map-root-user").start()) {
            return child.threw().message();
        }
    }

    @Test
    @Requires(Requirement.USER_NAMESPACES)
    void namesAnOwnerWithoutAMapping() throws IOException {
        Files.setAttribute(file, "unix:uid", 1000);

        assertThat(refusalInANamespace(0)).isEqualTo(refusal("lsetxattr",
                "EPERM: the owner or the group of the file has no mapping in this user namespace"));
    }

    @Test
    @Requires(Requirement.USER_NAMESPACES)
    void namesARootUidWithoutAMapping() {
        assertThat(refusalInANamespace(5)).isEqualTo(refusal("lsetxattr",
                "EINVAL: its root uid has no mapping in this user namespace, or the kernel takes it for malformed"));
    }
}
