package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.ChildCommand;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.Syscalls;

/** The command finds in another JVM what that JVM finds itself. */
@Privileged
@SameInContainers
class AdviseIT {

    /** No other process has it, so no other thread counts. */
    private static final long LONELY = 65521;
    private static final String MANAGEMENT = "-Dcom.sun.management.jmxremote.";
    private static final String[] AS_LONELY = {"--uid", "65521", "--gid", "65521"};

    private final Path place = Modules.directory("rwxr-xr-x");

    /** Holds a file open, and tells what it finds. */
    static final class Waits implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            try (var open = Files.newOutputStream(Path.of(args[0], "data"));
                    var stream = args.length > 1 ? Files.newOutputStream(Path.of(args[1]), StandardOpenOption.WRITE) : open) {
                open.write(1);
                stream.flush();
                points.say(Caps.begin(Scope.PROCESS).advise(Identity.of(LONELY, LONELY)).stream().map(Advice::toString)
                        .collect(Collectors.joining("|")));
                points.at("waiting");
            }
        }
    }

    private ChildCommand waiting(String... stream) {
        List<String> args = new ArrayList<>(List.of(place.toString()));
        args.addAll(List.of(stream));
        return ObservedChild.of(Waits.class, args.toArray(String[]::new)).apart().option("-Djava.io.tmpdir=" + place);
    }

    private static Command.Result advise(Object pid, String... options) {
        List<String> command = new ArrayList<>(CapsRun.program("advise"));
        command.addAll(List.of(AS_LONELY));
        command.addAll(List.of(options));
        command.add(pid.toString());
        return Command.result(ChildCommand.unbiased(new ProcessBuilder(command)));
    }

    @Test
    void findsWhatTheJvmFindsItself() throws IOException {
        Path modules = Modules.forRootOnly();
        Path passwords = Files.createFile(modules.resolve("passwords"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        ChildCommand command =
                waiting("/dev/stdout").modules(modules).in(modules).option("-XX:HeapDumpPath=" + place.resolve("x.hprof"))
                        .option("-XX:ErrorFile=" + place.resolve("report-%p")).option("-Duser.home=" + place)
                        .option(MANAGEMENT + "host=127.0.0.1").option(MANAGEMENT + "port=0").option(MANAGEMENT + "ssl=false")
                        .option(MANAGEMENT + "password.file=" + passwords).option(MANAGEMENT + "access.file=" + passwords);
        try (ObservedChild child = command.through("prlimit", "--nproc=5:5000").start()) {
            String found = child.said();
            assertThat(found).contains("classes that are not loaded", "the open file " + place.resolve("data"),
                    "temporary files", "no heap dump", "RLIMIT_NPROC is 5", "a crash report", "relative paths",
                    "in the home directory", "/dev/stdout cannot be opened again", "each login to JMX");
            child.at("waiting");
            Command.Result result = advise(child.process());
            assertThat(result.status()).isZero();
            assertThat(result.output().lines().map(AdviseIT::withoutCount))
                    .containsExactly(withoutCount(found).split("\\|"));
        }
    }

    /** Threads of a JVM come and go. */
    private static String withoutCount(String text) {
        return text.replaceAll("has [0-9]+ threads", "has threads");
    }

    static final class Locks implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Syscalls.call(Syscalls.Call.MLOCKALL, Long.parseLong(args[0]));
            Caps.begin(Scope.PROCESS).advise(Identity.of(LONELY, LONELY));
            points.at("waiting");
        }
    }

    /** 1 is MCL_CURRENT, 2 is MCL_FUTURE. */
    @ParameterizedTest
    @CsvSource({"1, false", "3, true"})
    @Privileged(also = CapMasks.IPC_LOCK)
    void findsLockedMemory(String flags, boolean future) {
        ChildCommand command = ObservedChild.of(Locks.class, flags).apart().option("-Xlog:disable").option("-Xmx64m")
                .through("prlimit", "--memlock=8388608:8388608");
        try (ObservedChild child = command.start()) {
            child.at("waiting");
            assertThat(advise(child.process()).output().contains("mlockall(MCL_FUTURE)")).isEqualTo(future);
        }
    }

    @Test
    void printsJson() throws IOException {
        Files.setAttribute(place, "unix:uid", (int) LONELY);
        try (ObservedChild child = waiting().start()) {
            assertThat(child.said()).startsWith("the open file ");
            child.at("waiting");
            assertThat(advise(child.process(), "--json").output()).isEqualTo("[{\"kind\":\"open_files\",\"what\":\"the open file "
                    + place.resolve("data")
                    + " stays usable, and cannot be opened again, renamed or replaced, as log rotation and"
                    + " databases do\",\"why\":\"uid 65521 cannot write this file\",\"remedy\":\"hand over its directory with the"
                    + " option handOver, or open it after the drop in a directory of that user\"}]" + System.lineSeparator());
        }
    }

    @Test
    void refusesWhatIsNoJvm() throws IOException {
        Process sleep = new ProcessBuilder("sleep", "600").start();
        try {
            assertThat(advise(sleep.pid())).isEqualTo(new Command.Result(1, "caps: read(/proc/" + sleep.pid() + "/maps): process "
                    + sleep.pid() + " is no JVM: it does not use libjvm.so" + System.lineSeparator()));
        } finally {
            sleep.destroyForcibly();
        }
    }

    @Test
    @Privileged(also = CapMasks.SYS_ADMIN)
    void refusesAJvmThatSeesOtherFiles() {
        try (ObservedChild child = waiting().through("unshare", "--mount").start()) {
            child.said();
            child.at("waiting");
            Command.Result result = advise(child.process());
            assertThat(result.status()).isOne();
            assertThat(result.output()).contains("sees other files than this process").hasLineCount(1);
        }
    }

    @Test
    void dropPrintsItFirst() {
        List<String> command = new ArrayList<>(CapsRun.program("drop"));
        command.add(1, "-Djava.io.tmpdir=" + place);
        command.addAll(List.of(AS_LONELY));
        Command.Result result = Command.result(ChildCommand.unbiased(new ProcessBuilder(command)));
        assertThat(result.status()).isZero();
        assertThat(result.output())
                .contains("caps: temporary files cannot be created, because uid 65521 cannot write " + place + "; ");
    }
}
