package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Command;
import privileged.harness.Modules;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.SameInContainers;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The recipes of src/docs/starting.md start programs of src/it as that page says. */
@Privileged(also = CapMasks.FOR_NAMESPACES | CapMasks.NET_BIND_SERVICE)
@SameInContainers
class StartingIT {

    private static final Path PAGE = Readme.page("starting");
    private static final YAMLMapper YAML = new YAMLMapper(); // JSON is YAML too
    private static final long NONROOT = 65532;
    private static final long WWW_DATA = 33;
    private static final OutsideStatus HERE = OutsideStatus.mine();

    private static Path image;

    /** Runs the command of the first Dockerfile, on the modules of src/it/image. */
    @BeforeAll
    static void link() throws IOException {
        Path work = Modules.directory("rwxr-xr-x");
        Path modules = Files.createDirectory(work.resolve("modules"));
        Command.run(System.getProperty("java.home") + "/bin/jar", "--create", "--file", modules.resolve("example.jar").toString(),
                "-C", Consumer.at("image/target/classes"), ".");
        try (Stream<Path> jars = Files.list(Path.of(Consumer.at("image/target/lib")))) {
            for (Path jar : jars.toList()) {
                Files.createSymbolicLink(modules.resolve(jar.getFileName()), jar);
            }
        }
        image = work.resolve("image");
        Command.run("sh", "-ec", "PATH=" + System.getProperty("java.home") + "/bin:$PATH; "
                + instruction(dockerfile(0), "RUN").replace("/modules", modules.toString()).replace("/image", image.toString()));
    }

    @Test
    void rootOfAContainerStepsDown() throws Exception {
        Matches options = new Matches(console(0));
        assertThat(options.all("--cap-drop (\\w+)")).containsExactly("ALL");
        starts(0, options.all("--cap-add (\\w+)"), false, "listening on port 80",
                HERE.holdingOnly(0).as(NONROOT, NONROOT).withNoNewPrivs());
    }

    /** The bounding set stays as Docker made it. */
    @Test
    void userOfAContainerLocks() throws Exception {
        long docker = CapMasks.DOCKER & HERE.bounding();
        String names = Command.run("capsh", "--decode=" + CapMasks.hex(docker)).strip().replaceFirst("^.*=", "");
        starts(NONROOT, List.of(names.replace("cap_", "").split(",")), false, "listening on port 8080",
                HERE.withSets(docker, 0, 0, 0, 0).as(NONROOT, NONROOT).withNoNewPrivs());
        assertThat(instruction(dockerfile(1), "USER")).isEqualTo(NONROOT + ":" + NONROOT);
    }

    @Test
    void podStepsDown() throws Exception {
        JsonNode pod = YAML.readTree(Readme.blocks(PAGE, "yaml").getFirst());
        JsonNode context = pod.at("/spec/containers/0/securityContext");
        assertThat(context.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
        List<String> added = new ArrayList<>();
        context.at("/capabilities/add").forEach(name -> added.add(name.asString()));
        starts(context.get("runAsUser").asLong(), added, !context.get("allowPrivilegeEscalation").asBoolean(),
                "listening on port 80", HERE.holdingOnly(0).as(NONROOT, NONROOT).withNoNewPrivs());
    }

    /** systemd itself is not run: setpriv starts the program with what the unit says. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void unitStartsAServer(int index) throws Exception {
        String java = image + "/bin/java";
        String unit = Readme.blocks(PAGE, "ini").get(index).replace("/opt/server/bin/java", java);
        Path file = Files.writeString(Modules.directory("rwxr-xr-x").resolve("server.service"), unit);
        assertThat(Command.run("systemd-analyze", "verify", file.toString())).isEmpty();

        Map<String, String> lines = unit.lines().filter(line -> line.contains("="))
                .collect(Collectors.toMap(line -> line.split("=", 2)[0], line -> line.split("=", 2)[1]));
        assertThat(lines).containsEntry("NoNewPrivileges", "yes");
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "setpriv", "--no-new-privs",
                "--bounding-set", exactly(lines.getOrDefault("CapabilityBoundingSet", "")),
                "--inh-caps", exactly(lines.getOrDefault("AmbientCapabilities", "")),
                "--ambient-caps", exactly(lines.getOrDefault("AmbientCapabilities", ""))));
        if (lines.containsKey("User")) {
            command.addAll(List.of("--reuid", lines.get("User"), "--regid", lines.get("User"), "--init-groups"));
        }
        command.addAll(Arrays.asList(lines.get("ExecStart").split(" ")));
        OutsideStatus dropped = HERE.holdingOnly(0).as(NONROOT, NONROOT).withNoNewPrivs();
        OutsideStatus locked =
                HERE.withSets(CapMasks.NET_BIND_SERVICE, 0, 0, 0, 0).as(WWW_DATA, WWW_DATA, WWW_DATA).withNoNewPrivs();
        try (ConsumerProcess program = new ConsumerProcess(command)) {
            is(program, "listening on port 80", index == 0 ? dropped : locked);
        }
    }

    private static String exactly(String names) {
        return "-all" + Arrays.stream(names.split(" ")).filter(name -> !name.isEmpty())
                .map(name -> ",+" + name.toLowerCase(Locale.ROOT).replace("cap_", "")).collect(Collectors.joining());
    }

    private static void starts(long id, List<String> capabilities, boolean noNewPrivs, String said, OutsideStatus expected)
            throws Exception {
        String entry = instruction(dockerfile(id == 0 ? 0 : 1), "ENTRYPOINT");
        List<String> command = new ArrayList<>();
        YAML.readTree(entry).forEach(word -> command.add(word.asString()));
        List<String> names = capabilities.stream().map(name -> "CAP_" + name.toUpperCase(Locale.ROOT)).toList();
        try (BareContainer container = new BareContainer(image,
                new BareContainer.Start(id, names, noNewPrivs, command))) {
            is(container.process(), said, expected);
        }
    }

    private static void is(ConsumerProcess program, String said, OutsideStatus expected) throws Exception {
        program.until(said);
        for (Path thread : ProcTasks.of(program.worker().pid())) {
            OutsideStatus.ofLiving(thread)
                    .ifPresent(seen -> assertThat(seen).as("%s (%s)", thread, ProcTasks.name(thread)).isEqualTo(expected));
        }
        assertThat(program.end()).as("%s", program.errors()).isZero();
    }

    private static String dockerfile(int index) {
        return Readme.blocks(PAGE, "dockerfile").get(index);
    }

    private static String console(int index) {
        return Readme.blocks(PAGE, "console").get(index);
    }

    private static String instruction(String dockerfile, String name) {
        return new Matches(dockerfile.replace("\\\n", " ")).all("(?m)^" + name + " +(.*)$").getLast();
    }

    private record Matches(String text) {
        List<String> all(String pattern) {
            return Pattern.compile(pattern).matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
        }
    }
}
