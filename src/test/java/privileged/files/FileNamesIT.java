package privileged.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import nucleus.caps.CapsException;
import nucleus.caps.FileCapabilities;
import nucleus.caps.internal.sys.CapabilityAttribute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Command.Result;
import privileged.harness.Command;
import privileged.harness.Privileged;

/** Links, names that are no text, and attributes that the kernel refuses. */
@Privileged
class FileNamesIT {

    @TempDir
    private Path directory;

    private Path file(String name) throws IOException {
        return Files.createFile(directory.resolve(name));
    }

    @Test
    void followsALinkOnlyWhenAsked() throws Exception {
        Path file = file("file");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Path below = Files.createDirectory(directory.resolve("directory"));
        Path linkToDirectory = Files.createSymbolicLink(directory.resolve("to directory"), below);
        FileCapabilities kill = SetcapIT.parse("cap_kill=ep");
        kill.write(link, FileVisitOption.FOLLOW_LINKS);
        CapabilityAttribute.write(below, kill.encode());

        assertThat(FileCapabilities.read(file)).contains(kill);
        assertThat(FileCapabilities.read(link)).isEmpty();
        assertThat(FileCapabilities.read(link, FileVisitOption.FOLLOW_LINKS)).contains(kill);
        assertThat(FileCapabilities.read(linkToDirectory)).isEmpty();
        assertThat(FileCapabilities.read(linkToDirectory, FileVisitOption.FOLLOW_LINKS)).contains(kill);
        assertThatThrownBy(() -> FileCapabilities.remove(link)).isInstanceOf(CapsException.class)
                .hasMessageEndingWith("it is not a regular file");
        assertThat(FileCapabilities.read(file)).contains(kill);
        assertThat(FileCapabilities.remove(link, FileVisitOption.FOLLOW_LINKS)).isTrue();
        assertThat(FileCapabilities.read(file)).isEmpty();
    }

    /** A name is bytes, and need not be text in any encoding. */
    @Test
    void reachesAFileOfAnyName() throws Exception {
        assertThat(Command.result("sh", "-c", "cd \"$0\" && touch \"$(printf '\\377\\001%%41 \\303\\251;?#')\"",
                directory.toString())).isEqualTo(new Result(0, ""));
        Path file;
        try (Stream<Path> files = Files.list(directory)) {
            file = files.findFirst().orElseThrow();
        }
        SetcapIT.parse("cap_kill=ep").write(file);

        assertThat(Command.result("/usr/sbin/getcap", "-r", directory.toString()).output()).endsWith(" cap_kill=ep\n");
        assertThat(FileCapabilities.read(file)).contains(SetcapIT.parse("cap_kill=ep"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "010000010100000000000000", "0200000201000000", "0100000301000000000000000000000000000000"})
    void kernelRefusesMalformedAttributes(String bytes) throws IOException {
        Path file = file("file");

        assertThatThrownBy(() -> CapabilityAttribute.write(file, HexFormat.of().parseHex(bytes)))
                .isInstanceOf(CapsException.class).hasMessageStartingWith("lsetxattr(" + file
                        + ", security.capability): EINVAL: ")
                .hasMessageEndingWith("the kernel takes it for malformed");
        assertThat(FileCapabilities.read(file)).isEqualTo(Optional.empty());
    }
}
