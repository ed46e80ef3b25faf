package privileged.docs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.CapMasks;
import privileged.harness.Modules;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.SameInContainers;

/** Programs built against the installed jar, as root and as nobody, with native access granted and without. */
@Privileged(also = CapMasks.NET_BIND_SERVICE)
@SameInContainers
class ConsumersIT {

    /** Calls that ask or name a thread, the number of no call, and a call of which strace saw only the end. */
    private static final String HARMLESS =
            "\\d+ +(prctl\\(PR_(SET_NAME|GET_[A-Z_]+|CAPBSET_READ|CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET)"
                    + "|setfs[ug]id\\(-1|<\\.\\.\\. (prctl|setfs[ug]id)|\\?\\?\\?\\( <(detached|unfinished) |"
                    + "syscall_0xffffffffffffffff).*";

    @ParameterizedTest
    @EnumSource
    void aProgramGivesUpRoot(Consumer consumer) throws Exception {
        logsTheEnd(dropping(consumer, consumer.granted()));
    }

    @ParameterizedTest
    @EnumSource
    void warnsWithoutNativeAccessAndDropsTheSame(Consumer consumer) throws Exception {
        logsTheEnd(warned(consumer, dropping(consumer, consumer.command())));
    }

    @ParameterizedTest
    @EnumSource
    void refusesNobodyBeforeAnythingChanges(Consumer consumer) throws Exception {
        assertThat(refused(consumer, consumer.granted())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void warnsAndRefusesNobodyWithoutNativeAccess(Consumer consumer) throws Exception {
        assertThat(warned(consumer, refused(consumer, consumer.command()))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Requires(Requirement.JAVA_24)
    void deniedNativeAccessSaysHowToGrantIt(Consumer consumer) throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(consumer.command("--illegal-native-access=deny"))) {
            assertThat(program.end()).isEqualTo(1);
            assertThat(program.errors()).contains("Exception in thread \"main\" java.lang.IllegalCallerException:"
                    + " native access is not enabled for nucleus.caps; start java with --enable-native-access=nucleus.caps, or"
                    + " with =ALL-UNNAMED if the library is on the class path");
        }
    }

    @Test
    void anExecutableJarGrantsItInItsManifest() throws Exception {
        List<String> command = new ArrayList<>(Consumer.CLASS_PATH.command());
        assertThat(command.remove("-cp") && command.remove("example.classpath.Server")).isTrue();
        command.add(1, "-jar");
        logsTheEnd(dropping(Consumer.CLASS_PATH, command));
    }

    @Test
    void jarOfTheLibraryIsAProgram() throws Exception {
        Path alone = Modules.directory("rwxr-xr-x").resolve("caps.jar");
        Files.copy(Path.of(Consumer.at("classpath/target/lib/nucleus-caps.jar")), alone);
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                alone.toString(), "drop", "--uid", "65534", "--gid", "65534");
        try (ConsumerProcess program = new ConsumerProcess(command)) {
            assertThat(program.rest()).startsWith("== before").contains("== dropped and verified");
            assertThat(program.end()).isZero();
            assertThat(program.errors()).isEmpty();
        }
    }

    @Test
    void pagesQuoteTheWarningOfTheJvm() throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(Consumer.MODULAR.command())) {
            assertThat(program.echo("hello")).isNotNull();
            program.rest();
            String warning = program.errors().stream().filter(line -> line.startsWith("WARNING: "))
                    .map(line -> line + "\n").collect(joining());
            assertThat(Readme.tells(warning)).as(warning).isTrue();
        }
    }

    /** {@return what was written to standard error by a program that has dropped as it should} */
    private static List<String> dropping(Consumer consumer, List<String> command) throws Exception {
        OutsideStatus after = consumer.after(OutsideStatus.mine());
        try (ConsumerProcess program = new ConsumerProcess(command)) {
            if (!consumer.said.isEmpty()) {
                assertThat(program.line()).isEqualTo(consumer.said);
            }
            assertThat(program.echo("hello")).as("%s", program.errors()).isEqualTo("hello");
            ProcessHandle worker = program.worker();
            List<Path> threads = ProcTasks.of(worker.parent().orElseThrow().pid());
            assertThat(threads).hasSizeGreaterThan(5);
            for (Path thread : threads) {
                OutsideStatus.ofLiving(thread)
                        .ifPresent(seen -> assertThat(seen).as("%s (%s)", thread, ProcTasks.name(thread)).isEqualTo(after));
            }
            assertThat(OutsideStatus.of(worker.pid())).isEqualTo(consumer.handedOn(after));
            assertThat(program.end()).isZero();
            return program.errors();
        }
    }

    /** {@return what was written to standard error, but for the refusal, by a program that could not drop} */
    private static List<String> refused(Consumer consumer, List<String> command) throws Exception {
        Path trace = Modules.directory("rwxrwxrwx").resolve("trace");
        List<String> traced = new ArrayList<>(List.of("strace", "-f", "--quiet=all", "-e", "signal=none", "-e",
                "trace=capset,prctl,/^set.*[ug]id.*,/^setgroups.*", "-o", trace.toString()));
        traced.addAll(command);
        try (ConsumerProcess program = new ConsumerProcess(asNobody(traced))) {
            assertThat(program.end()).isEqualTo(1);
            List<String> errors = new ArrayList<>(program.errors());
            assertThat(errors.removeLast()).isEqualTo(consumer.refused);
            assertThat(Files.readAllLines(trace)).isNotEmpty().allMatch(line -> line.matches(HARMLESS));
            return errors;
        }
    }

    private static List<String> asNobody(List<String> command) {
        List<String> through = new ArrayList<>(List.of("setpriv", "--reuid", "65534", "--regid", "65534",
                "--clear-groups"));
        through.addAll(command);
        return through;
    }

    /** {@return what is left without the warning of the JVM, which must be there} */
    private static List<String> warned(Consumer consumer, List<String> errors) {
        List<String> warning = errors.stream().filter(line -> line.startsWith("WARNING: ")).toList();
        assertThat(warning).hasSize(4).contains("WARNING: Use --enable-native-access=" + consumer.module
                + " to avoid a warning for callers in this module");
        return errors.stream().filter(line -> !warning.contains(line)).toList();
    }

    /** Without log4j and without a choice of its own, a program has System.Logger, which writes two lines. */
    private static void logsTheEnd(List<String> errors) {
        assertThat(errors).satisfiesExactly(
                line -> assertThat(line).endsWith(" nucleus.caps.internal.session.SystemSink log"),
                line -> assertThat(line)
                        .matches("INFO: (dropped|changed) [0-9]+ threads from uid 0, gid 0, groups .* to uid 65534,"
                                + " gid 65534, groups \\[]; .*; no_new_privs set; [0-9]+ ms"));
    }
}
