package privileged.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilityState;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.FileCapabilities;
import nucleus.caps.internal.kernel.CapabilityAttribute;
import nucleus.caps.tool.CapsTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Requirement;

/** What is written is what setcap writes, what is read is what getcap reads, and the kernel gives it at execve. */
@Privileged
class FileCapabilitiesIT {

    private static final long MAPPED = 20_000;

    @TempDir
    private Path directory;

    /** What a command said, and how it ended. */
    private record Result(int status, String output) {
    }

    private static Result run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    private static Result run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    private Path file(String name) throws IOException {
        return Files.createFile(directory.resolve(name));
    }

    private static FileCapabilities parse(String text) {
        return FileCapabilities.of(CapabilityState.parse(text, Caps.supported()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "=ep", "=eip", "all=ep", "cap_chown=ep", "cap_chown=p", "cap_chown=i", "cap_chown+eip",
        "cap_kill=p cap_chown=i", "cap_kill=ep cap_chown=ei", "=ep cap_sys_admin-ep", "cap_net_bind_service,cap_bpf=ep",
        "0=p", "0x1f,040=ip", "63=p", "41,63=ep", "all,63=ep", "cap_kill+p-p", "CAP_Net_Raw=p\tcap_kill=p",
        "cap_checkpoint_restore=eip"})
    void whatIsWrittenIsWhatSetcapWrites(String text) throws Exception {
        Path ours = file("ours");
        Path theirs = file("theirs");
        for (long rootUid : new long[] {0, 1000}) {
            parse(text).withRootUid(rootUid).write(ours);
            Result set = rootUid == 0 ? run("/usr/sbin/setcap", text, theirs.toString())
                    : run("/usr/sbin/setcap", "-n", "1000", text, theirs.toString());
            assertThat(set.status()).as("libcap 2.75 has something to say as well: %s", set).isZero();

            assertThat(CapabilityAttribute.read(ours).orElseThrow())
                    .containsExactly(CapabilityAttribute.read(theirs).orElseThrow());
            FileCapabilities read = FileCapabilities.read(theirs).orElseThrow();
            assertThat(run("/usr/sbin/getcap", "-n", ours.toString())).isEqualTo(
                    new Result(0, ours + " " + read.toText(Caps.supported()) + "\n"));
        }
        assertThat(FileCapabilities.remove(ours)).isTrue();
        assertThat(run("/usr/sbin/getcap", "-v", ours.toString())).isEqualTo(new Result(0, ours + "\n"));
        assertThat(FileCapabilities.remove(ours)).isFalse();
        assertThat(run("/usr/sbin/setcap", "-r", theirs.toString())).isEqualTo(new Result(0, ""));
        assertThat(FileCapabilities.read(theirs)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cap_chown", "chown=p", "cap_chown=x", "+p", "=p+e", "64=p", "cap_chown=ep cap_kill=p",
        "cap_chown=p cap_kill=e", "cap_chown=i cap_kill=ep", "cap_chown=p,cap_kill=p"})
    void whatIsRefusedIsWhatSetcapRefuses(String text) throws Exception {
        assertThat(run("/usr/sbin/setcap", text, file("theirs").toString()).status()).isEqualTo(1);
        assertThatThrownBy(() -> parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyFilesAreReadAndWrittenAsGetcapAndSetcapDo() throws Exception {
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
        assertThat(run(getcap).output().lines()).containsExactlyElementsOf(expected);
        assertThat(run(setcap)).isEqualTo(new Result(0, ""));
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

    /** A program that says what it holds, in a directory that everybody can reach. */
    private static Path program() throws IOException {
        return Files.copy(Path.of("/bin/cat").toRealPath(), Modules.directory("rwxr-xr-x").resolve("cat"),
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static OutsideStatus executed(Path program, String inheritable) throws Exception {
        Result said = run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps",
                inheritable.isEmpty() ? "-all" : "-all,+" + inheritable, "--ambient-caps", "-all", program.toString(),
                "/proc/self/status");
        assertThat(said.status()).as(said.output()).isZero();
        return OutsideStatus.parse(said.output());
    }

    @ParameterizedTest
    @CsvSource({
        "cap_kill=ep,            '',    20, 20",
        "cap_kill=p,             '',    20, 0",
        "cap_kill=ei,            '',    0,  0",
        "cap_kill=ei,            kill,  20, 20",
        "cap_kill=i cap_chown=p, kill,  21, 0",
        "=,                      kill,  0,  0",
    })
    void theKernelGivesThemToWhoeverExecutesTheFile(String text, String inheritable, String permitted,
                                                    String effective)
            throws Exception {
        Path program = program();
        assertThat(executed(program, inheritable)).extracting(OutsideStatus::permitted).isEqualTo(0L);

        FileCapabilities.parse(text).write(program);
        OutsideStatus gained = executed(program, inheritable);
        assertThat(CapMasks.hex(gained.permitted())).isEqualTo("%16s".formatted(permitted).replace(' ', '0'));
        assertThat(CapMasks.hex(gained.effective())).isEqualTo("%16s".formatted(effective).replace(' ', '0'));

        FileCapabilities.remove(program);
        assertThat(executed(program, inheritable)).extracting(OutsideStatus::permitted).isEqualTo(0L);
    }

    /** Inside a namespace whose root is that uid they count, and are shown without it; outside they do not. */
    @Test
    void withARootUidTheyAreGoodForItsUserNamespace() throws Exception {
        Requirement.USER_NAMESPACES.orSkip();
        Path program = program();
        FileCapabilities.parse("cap_kill=ep").withRootUid(MAPPED).write(program);
        assertThat(executed(program, "")).extracting(OutsideStatus::permitted).isEqualTo(0L);

        Process child = new ProcessBuilder("unshare", "--user", "--keep-caps", "sh", "-ec", "echo ready; read go;"
                + " /usr/sbin/getcap -n \"$0\"; exec setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps -all"
                + " --ambient-caps -all \"$0\" /proc/self/status", program.toString()).redirectErrorStream(true).start();
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("ready");
            for (String map : List.of("uid_map", "gid_map")) {
                Files.writeString(Path.of("/proc", Long.toString(child.pid()), map), "0 " + MAPPED + " 2000");
            }
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            assertThat(child.inputReader().readLine()).isEqualTo(program + " cap_kill=ep");
            OutsideStatus gained = OutsideStatus.parse(String.join("\n", child.inputReader().lines().toList()));
            assertThat(gained.permitted()).isEqualTo(CapMasks.KILL);
            assertThat(gained.effective()).isEqualTo(CapMasks.KILL);
            assertThat(gained.uids()).containsOnly(1000L);
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void aLinkIsFollowedWhenAskedOnly() throws Exception {
        Path file = file("file");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Path below = Files.createDirectory(directory.resolve("directory"));
        Path linkToDirectory = Files.createSymbolicLink(directory.resolve("to directory"), below);
        FileCapabilities kill = parse("cap_kill=ep");
        kill.write(link, FileVisitOption.FOLLOW_LINKS);
        CapabilityAttribute.write(below, kill.encode());

        assertThat(FileCapabilities.read(file)).contains(kill);
        assertThat(FileCapabilities.read(link)).isEmpty();
        assertThat(FileCapabilities.read(link, FileVisitOption.FOLLOW_LINKS)).contains(kill);
        assertThat(FileCapabilities.read(linkToDirectory)).isEmpty();
        assertThat(FileCapabilities.read(linkToDirectory, FileVisitOption.FOLLOW_LINKS)).contains(kill);
        assertThatThrownBy(() -> FileCapabilities.remove(link)).isInstanceOf(CapsException.class)
                .hasMessageEndingWith("it is no regular file");
        assertThat(FileCapabilities.read(file)).contains(kill);
        assertThat(FileCapabilities.remove(link, FileVisitOption.FOLLOW_LINKS)).isTrue();
        assertThat(FileCapabilities.read(file)).isEmpty();
    }

    /** A name is bytes, and need not be text in any encoding. */
    @Test
    void aFileOfAnyNameIsReached() throws Exception {
        assertThat(run("sh", "-c", "cd \"$0\" && touch \"$(printf '\\377\\001%%41 \\303\\251;?#')\"",
                directory.toString())).isEqualTo(new Result(0, ""));
        Path file;
        try (Stream<Path> files = Files.list(directory)) {
            file = files.findFirst().orElseThrow();
        }
        parse("cap_kill=ep").write(file);

        assertThat(run("/usr/sbin/getcap", "-r", directory.toString()).output()).endsWith(" cap_kill=ep\n");
        assertThat(FileCapabilities.read(file)).contains(parse("cap_kill=ep"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "010000010100000000000000", "0200000201000000", "0100000301000000000000000000000000000000"})
    void malformedOnesAreNotTakenByTheKernel(String bytes) throws IOException {
        Path file = file("file");

        assertThatThrownBy(() -> CapabilityAttribute.write(file, HexFormat.of().parseHex(bytes)))
                .isInstanceOf(CapsException.class).hasMessage("lsetxattr(" + file
                        + ", security.capability): EINVAL: the kernel takes it for malformed, and shows nothing of it");
        assertThat(FileCapabilities.read(file)).isEqualTo(Optional.empty());
    }

    /** Runs the command here, in the process of the tests. */
    private static Result caps(String... words) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        return new Result(new CapsTool().run(writer, writer, words), out.toString());
    }

    @Test
    void theCommandsDoWhatGetcapAndSetcapDo() throws Exception {
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
                    .containsExactlyElementsOf(run(getcap).output().lines().sorted().toList());
        }
        assertThat(caps("file", "remove", paths[0], paths[2])).isEqualTo(new Result(0, ""));
        assertThat(run("/usr/sbin/getcap", "-r", directory.toString()).output().lines()).hasSize(1);
        assertThat(caps("file", "remove", paths[0], paths[1])).isEqualTo(
                new Result(1, "caps: " + paths[0] + " has no capabilities\n"));
        assertThat(run("/usr/sbin/getcap", "-r", directory.toString()).output()).isEmpty();
    }

    /** On a file of another's. */
    static final class Tries implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Path file = Path.of(args[0]);
            points.threw(() -> {
                throw new IllegalStateException(FileCapabilities.read(file).toString());
            });
            points.threw(() -> FileCapabilities.parse("cap_kill=p").write(file));
            points.threw(() -> FileCapabilities.remove(file));
        }
    }

    @Test
    void withoutSetfcapItIsSaidWhatIsMissing() throws IOException {
        Path program = program();
        FileCapabilities.parse("cap_kill=ep").write(program);
        try (ObservedChild child = ObservedChild.of(Tries.class, program.toString()).asNobodyWith("").start()) {
            assertThat(child.threw().message()).isEqualTo("Optional[cap_kill=ep]");
            assertThat(child.threw().message()).isEqualTo("lsetxattr(" + program
                    + ", security.capability): EPERM: needs CAP_SETFCAP in the effective set");
            assertThat(child.threw().message()).isEqualTo("lremovexattr(" + program
                    + ", security.capability): EPERM: needs CAP_SETFCAP in the effective set");
        }
        assertThat(FileCapabilities.read(program)).contains(FileCapabilities.parse("cap_kill=ep"));
    }

    static final class Reads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> FileCapabilities.read(Path.of(args[0])));
        }
    }

    @Test
    void aRootUidWithoutAMappingIsSaid() throws IOException {
        Requirement.USER_NAMESPACES.orSkip();
        Path program = program();
        FileCapabilities.parse("cap_kill=ep").withRootUid(MAPPED).write(program);
        try (ObservedChild child = ObservedChild.of(Reads.class, program.toString())
                .through("unshare", "--user", "--map-root-user").start()) {
            assertThat(child.threw().message()).isEqualTo("lgetxattr(" + program + ", security.capability):"
                    + " EOVERFLOW: its root uid has no mapping in this user namespace");
        }
    }
}
