package privileged.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilityState;
import nucleus.caps.Caps;
import nucleus.caps.FileCapabilities;
import nucleus.caps.internal.sys.CapabilityAttribute;
import nucleus.caps.tool.CapsTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Command.Result;
import privileged.harness.Command;
import privileged.harness.Privileged;

/** What the library and its command write is what setcap writes, and what they read is what getcap reads. */
@Privileged
class SetcapIT {

    @TempDir
    private Path directory;

    private Path file(String name) throws IOException {
        return Files.createFile(directory.resolve(name));
    }

    /** {@return the capabilities that the text means on this kernel} */
    static FileCapabilities parse(String text) {
        return FileCapabilities.of(CapabilityState.parse(text, Caps.supported()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "=ep", "=eip", "all=ep", "cap_chown=ep", "cap_chown=p", "cap_chown=i", "cap_chown+eip",
        "cap_kill=p cap_chown=i", "cap_kill=ep cap_chown=ei", "=ep cap_sys_admin-ep", "cap_net_bind_service,cap_bpf=ep",
        "0=p", "0x1f,32=ip", "63=p", "41,63=ep", "all,63=ep", "cap_kill+p-p", "CAP_Net_Raw=p\tcap_kill=p",
        "cap_checkpoint_restore=eip"})
    void writesWhatSetcapWrites(String text) throws Exception {
        Path ours = file("ours");
        Path theirs = file("theirs");
        for (long rootUid : new long[] {0, 1000}) {
            parse(text).withRootUid(rootUid).write(ours);
            Result set = rootUid == 0 ? Command.result("/usr/sbin/setcap", text, theirs.toString())
                    : Command.result("/usr/sbin/setcap", "-n", "1000", text, theirs.toString());
            assertThat(set.status()).as("libcap 2.75 has something to say as well: %s", set).isZero();

            assertThat(CapabilityAttribute.read(ours).orElseThrow())
                    .containsExactly(CapabilityAttribute.read(theirs).orElseThrow());
            FileCapabilities read = FileCapabilities.read(theirs).orElseThrow();
            assertThat(Command.result("/usr/sbin/getcap", "-n", ours.toString())).isEqualTo(
                    new Result(0, ours + " " + read.toText(Caps.supported()) + "\n"));
        }
        assertThat(FileCapabilities.remove(ours)).isTrue();
        assertThat(Command.result("/usr/sbin/getcap", "-v", ours.toString())).isEqualTo(new Result(0, ours + "\n"));
        assertThat(FileCapabilities.remove(ours)).isFalse();
        assertThat(Command.result("/usr/sbin/setcap", "-r", theirs.toString())).isEqualTo(new Result(0, ""));
        assertThat(FileCapabilities.read(theirs)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cap_chown", "chown=p", "cap_chown=x", "+p", "=p+e", "64=p", "cap_chown=ep cap_kill=p",
        "cap_chown=p cap_kill=e", "cap_chown=i cap_kill=ep", "cap_chown=p,cap_kill=p"})
    void refusesWhatSetcapRefuses(String text) throws Exception {
        assertThat(Command.result("/usr/sbin/setcap", text, file("theirs").toString()).status()).isEqualTo(1);
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsAndWritesManyFilesAsLibcapDoes() throws Exception {
        Random random = new Random(0x66_6361_7073L);
        List<FileCapabilities> all = IntStream.range(0, 200).mapToObj(i -> new FileCapabilities(some(random),
                some(random), random.nextBoolean(), 0)).toList();
        List<String> setcap = new ArrayList<>(List.of("/usr/sbin/setcap"));
        List<String> getcap = new ArrayList<>(List.of("/usr/sbin/getcap"));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Path ours = file("ours" + i);
            all.get(i).write(ours);
            getcap.add(ours.toString());
            expected.add(ours + " " + all.get(i).toText(Caps.supported()));
            setcap.addAll(List.of(all.get(i).toText(Caps.supported()), file("theirs" + i).toString()));
        }
        assertThat(Command.result(getcap.toArray(String[]::new)).output().lines()).containsExactlyElementsOf(expected);
        assertThat(Command.result(setcap.toArray(String[]::new))).isEqualTo(new Result(0, ""));
        for (int i = 0; i < all.size(); i++) {
            assertThat(FileCapabilities.read(directory.resolve("theirs" + i)).orElseThrow().state())
                    .isEqualTo(all.get(i).state());
        }
    }

    private static CapabilitySet some(Random random) {
        return new CapabilitySet(switch (random.nextInt(3)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextLong() & random.nextLong() & random.nextLong();
            default -> random.nextLong() & Caps.supported().bits();
        });
    }

    /** Runs the command here, in the process of the tests. */
    private static Result caps(String... words) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        return new Result(new CapsTool().run(writer, writer, words), out.toString());
    }

    @Test
    void commandsDoWhatGetcapAndSetcapDo() throws Exception {
        Path below = Files.createDirectories(directory.resolve("a/b"));
        List<Path> files = List.of(file("one"), file("a/two"), file("a/b/three four"));
        Files.createSymbolicLink(below.resolve("link"), files.getFirst());
        Files.createSymbolicLink(below.resolve("loop"), directory);
        String[] paths = files.stream().map(Path::toString).toArray(String[]::new);

        assertThat(caps("file", "set", "cap_kill,cap_chown=ep", paths[0], paths[1])).isEqualTo(new Result(0, ""));
        assertThat(caps("file", "set", "-n", "1000", "cap_bpf=i", paths[2])).isEqualTo(new Result(0, ""));
        for (String options : List.of("-r", "-n", "-r -n")) {
            List<String> rest = new ArrayList<>(List.of(options.split(" ")));
            rest.addAll(options.contains("-r") ? List.of(directory.toString()) : List.of(paths));
            List<String> getcap = new ArrayList<>(List.of("/usr/sbin/getcap"));
            getcap.addAll(rest);
            rest.addAll(0, List.of("file", "get"));

            Result ours = caps(rest.toArray(String[]::new));
            assertThat(ours.status()).isZero();
            assertThat(ours.output().lines().sorted()).hasSize(3)
                    .containsExactlyElementsOf(Command.result(getcap.toArray(String[]::new)).output().lines().sorted().toList());
        }
        assertThat(caps("file", "remove", paths[0], paths[2])).isEqualTo(new Result(0, ""));
        assertThat(Command.result("/usr/sbin/getcap", "-r", directory.toString()).output().lines()).hasSize(1);
        assertThat(caps("file", "remove", paths[0], paths[1])).isEqualTo(
                new Result(1, "caps: " + paths[0] + " has no capabilities\n"));
        assertThat(Command.result("/usr/sbin/getcap", "-r", directory.toString()).output()).isEmpty();
    }
}
