package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes and the text; what the kernel and libcap's tools make of them is for FileCapabilitiesIT. */
class FileCapabilitiesTest {

    private static final HexFormat HEX = HexFormat.of();

    /** Byte by byte as linux/capability.h has it: no order of bytes but the little endian one gives these. */
    @ParameterizedTest
    @CsvSource({
        "01000001 01000000 20000000,                            cap_kill=ei cap_chown+ep, 0",
        "00000001 00000080 00000000,                            cap_setfcap=p, 0",
        "00000002 00040000 00000000 00000000 00000000,          cap_net_bind_service=p, 0",
        "01000002 00040000 00000000 00000000 00000000,          cap_net_bind_service=ep, 0",
        "01000002 ffffffff 00000000 ff010000 00000000,          =ep, 0",
        "00000002 00000000 00000000 00000000 80000000,          cap_bpf=i, 0",
        "00000002 00000000 00000000 00000080 01000000,          cap_mac_override=i 63+p, 0",
        "01000002 00000000 00000000 00000000 00000000,          =, 0",
        "01000003 00040000 00000000 00000000 00000000 e8030000, cap_net_bind_service=ep, 1000",
        "00000003 00040000 00000000 00000000 00000000 feffffff, cap_net_bind_service=p, 4294967294",
        "00000003 00040000 00000000 00000000 00000000 00000000, cap_net_bind_service=p, 0",
    })
    void readsEveryVersion(String bytes, String text, long rootUid) {
        FileCapabilities read = FileCapabilities.decode(HEX.parseHex(bytes.replace(" ", "")));

        assertThat(read.state()).isEqualTo(CapabilityState.parse(text));
        assertThat(read.rootUid()).isEqualTo(rootUid);
        assertThat(read).hasToString(text + (rootUid == 0 ? "" : " [rootid=" + rootUid + "]"));
    }

    @ParameterizedTest
    @CsvSource({
        "cap_net_bind_service=ep, 0,    0100000200040000000000000000000000000000",
        "cap_bpf=i 63+p,          0,    0000000200000000000000000000008080000000",
        "cap_kill=eip,            1000, 010000032000000020000000 0000000000000000 e8030000",
    })
    void writesTheSecondVersionOrTheThird(String text, long rootUid, String bytes) {
        FileCapabilities capabilities = FileCapabilities.parse(text).withRootUid(rootUid);

        assertThat(HEX.formatHex(capabilities.encode())).isEqualTo(bytes.replace(" ", ""));
        assertThat(FileCapabilities.decode(capabilities.encode())).isEqualTo(capabilities);
    }

    @Test
    void decodesWhatItEncodes() {
        assertThat(LongStream.concat(Masks.corners(), Masks.random(10_000))).allSatisfy(bits -> {
            CapabilitySet set = new CapabilitySet(bits);
            FileCapabilities capabilities = new FileCapabilities(set, new CapabilitySet(Long.reverse(bits)),
                    (bits & 1) == 0, bits >>> 33);

            assertThat(FileCapabilities.decode(capabilities.encode())).isEqualTo(capabilities);
            assertThat(FileCapabilities.of(capabilities.state()).state()).isEqualTo(capabilities.state());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "010000", "01000002", "00000001", "0000000100000000000000",
        "01000000010000000000000000000000", "0100000101000000000000000000000000000000",
        "0100000201000000000000000000000000000000e8030000", "01000003010000000000000000000000000000",
        "0100000301000000000000000000000000000000", "0100000401000000000000000000000000000000",
        "0100008201000000000000000000000000000000", "0200000101000000000000000000000000000000",
        "01000003010000000000000000000000000000 00ffffffff"})
    void malformedBytesAreShown(String hex) {
        byte[] bytes = HEX.parseHex(hex.replace(" ", ""));

        assertThatIllegalArgumentException().isThrownBy(() -> FileCapabilities.decode(bytes))
                .withMessageStartingWith("malformed security.capability")
                .withMessageEndingWith(": " + bytes.length + " bytes " + HEX.formatHex(bytes));
    }

    @Test
    void ofManyBytesTheFirstAreShown() {
        byte[] bytes = new byte[1 << 20];
        Arrays.fill(bytes, (byte) 0xab);

        assertThatIllegalArgumentException().isThrownBy(() -> FileCapabilities.decode(bytes))
                .withMessage("malformed security.capability: 1048576 bytes " + "ab".repeat(48) + "…");
    }

    @ParameterizedTest
    @CsvSource({"cap_chown=p cap_kill=e, cap_chown", "cap_chown=ei cap_kill=p, cap_kill", "=p cap_kill=eip, all-cap_kill"})
    void someThatAreEffectiveAndSomeThatAreNotAreRefused(String text, String missing) {
        assertThatIllegalArgumentException().isThrownBy(() -> FileCapabilities.parse(text)).withMessage(
                "a file has one effective bit for all its capabilities; not effective: " + missing);
    }

    /** As cap_set_file(3): there is one bit for all, and no room for which. */
    @Test
    void dropsEffectiveWithoutPermitted() {
        assertThat(FileCapabilities.parse("cap_chown=ep cap_kill=e").state())
                .isEqualTo(CapabilityState.parse("cap_chown=ep"));
        assertThat(FileCapabilities.parse("cap_kill=e").effective()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4294967295L, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesAnInvalidRootUid(long rootUid) {
        assertThatIllegalArgumentException().isThrownBy(() -> FileCapabilities.parse("=").withRootUid(rootUid))
                .withMessage("a root uid must be 0 to 4294967294, not " + rootUid);
    }

    @Test
    void aFileWithoutAnyHasNone(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("caf\u00e9 %41"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        assertThat(FileCapabilities.read(file)).isEmpty();
        assertThat(FileCapabilities.read(directory)).isEmpty();
        assertThat(FileCapabilities.read(link)).isEmpty();
        assertThat(FileCapabilities.read(link, FileVisitOption.FOLLOW_LINKS)).isEmpty();
        assertThat(FileCapabilities.read(Path.of("/proc/self/status"))).isEmpty();
        assertThat(FileCapabilities.read(Path.of("/"))).isEmpty();
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("none");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        assertThatThrownBy(() -> FileCapabilities.read(file)).isInstanceOf(CapsException.class)
                .hasMessage("lgetxattr(" + file + ", security.capability): ENOENT: the path does not exist");
        assertThatThrownBy(() -> FileCapabilities.remove(file)).isInstanceOf(CapsException.class)
                .hasMessageStartingWith("lremovexattr(" + file + ", security.capability): ENOENT");
        assertThatThrownBy(() -> FileCapabilities.parse("=").write(file)).isInstanceOf(CapsException.class)
                .hasMessageStartingWith("lsetxattr(" + file + ", security.capability): ENOENT");
        assertThatThrownBy(() -> FileCapabilities.read(link, FileVisitOption.FOLLOW_LINKS))
                .isInstanceOf(CapsException.class).hasMessageStartingWith("realpath(" + link);
        assertThat(FileCapabilities.read(link)).isEmpty();
    }

    @Test
    void onlyRegularFilesAreGivenAny(@TempDir Path directory) throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Files.createFile(directory.resolve("file")));

        for (Path path : new Path[] {link, directory, Path.of("/dev/null")}) {
            assertThatThrownBy(() -> FileCapabilities.parse("=").write(path)).isInstanceOf(CapsException.class)
                    .hasMessage("lsetxattr(" + path + ", security.capability): it is not a regular file");
            assertThatThrownBy(() -> FileCapabilities.remove(path)).isInstanceOf(CapsException.class)
                    .hasMessage("lremovexattr(" + path + ", security.capability): it is not a regular file");
        }
    }

    @Test
    void refusesAnotherFileSystem(@TempDir Path directory) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> FileCapabilities.read(zip.getPath("/")))
                    .withMessage("the file is not in the default file system: /");
        }
    }
}
