package nucleus.caps.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.threads.Tool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The image in a file, without the library around it, on each processor that there is one for. */
class ChildImageTest {

    private static final int FAILED = 125;
    private static final int MEMORY = 16;
    private static final byte[] LEAVE = {0};

    @TempDir
    private Path directory;
    private Path up;
    private Path down;
    private RandomAccessFile reports;
    private RandomAccessFile leave;
    private final List<Process> started = new ArrayList<>();

    /** A fifo that is open for both does not let its opener wait. */
    @BeforeEach
    void open() throws IOException {
        up = directory.resolve("up");
        down = directory.resolve("down");
        new Tool("mkfifo", "coreutils").run(up.toString(), down.toString());
        reports = new RandomAccessFile(up.toFile(), "rw");
        leave = new RandomAccessFile(down.toFile(), "rw");
    }

    @AfterEach
    void close() throws IOException {
        started.forEach(Process::destroyForcibly);
        reports.close();
        leave.close();
    }

    private List<Instruction> list(Machines machine, List<Instruction> changes, String... programs) {
        Instructions calls = new Instructions(machine.osArch());
        List<Instruction> list = new ArrayList<>();
        list.add(calls.open(up.toString(), Instructions.O_WRONLY, 3));
        list.add(calls.open(down.toString(), Instructions.O_RDONLY, 4));
        list.addAll(changes);
        list.add(Elf.REPORT);
        Stream.of(programs).map(calls::execute).forEach(list::add);
        return list;
    }

    private Process start(Machines machine, List<Instruction> list, String... arguments) throws IOException {
        Path file = Files.write(directory.resolve("image"), Elf.of(machine.image(), list, MEMORY));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(machine.emulator());
        command.add(file.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("IMAGE_TEST", "there");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private ChildReport report(List<Instruction> list) throws IOException, InterruptedException {
        byte[] bytes = new byte[16];
        FileInputStream waiting = new FileInputStream(reports.getFD());
        for (int i = 0; i < 12_000 && waiting.available() < bytes.length; i++) {
            Thread.sleep(5);
        }
        assertThat(waiting.available()).as("bytes of a report").isGreaterThanOrEqualTo(bytes.length);
        reports.readFully(bytes);
        return ChildReport.of(bytes, list);
    }

    private static int status(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static List<Instruction> noNewPrivs(Machines machine) {
        return new Instructions(machine.osArch()).changes(new Plan(List.of(
                new Plan.Step(new Change.NoNewPrivs(), false)), false));
    }

    @ParameterizedTest
    @EnumSource
    void executesTheFirstProgramThatExists(Machines machine) throws Exception {
        List<Instruction> list = list(machine, noNewPrivs(machine), directory + "/nowhere", "/etc/passwd", "/bin/sh",
                "/bin/false");
        Process process = start(machine, list, "sh", "-c",
                "echo \"$0 $1 $IMAGE_TEST\"; grep NoNewPrivs /proc/self/status; ls /proc/self/fd", "a b", "");
        assertThat(report(list)).isEqualTo(new ChildReport(Elf.REPORT, 0));
        leave.write(LEAVE);
        assertThat(report(list)).isEqualTo(new ChildReport(list.get(list.size() - 4), -2));
        assertThat(report(list)).isEqualTo(new ChildReport(list.get(list.size() - 3), -13));
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .containsExactly("a b  there", "NoNewPrivs:\t1", "0", "1", "2", "3");
        assertThat(status(process)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void withoutLeaveItEnds(Machines machine) throws Exception {
        List<Instruction> list = list(machine, List.of(), "/bin/true");
        Process process = start(machine, list, "true");
        assertThat(report(list).is(Elf.REPORT)).isTrue();
        leave.close();
        assertThat(status(process)).isEqualTo(FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void itEndsAtTheFirstCallThatIsRefused(Machines machine) throws Exception {
        Instruction refused = new Instruction("dup(99)", machine.osArch().equals("amd64") ? 32 : 23,
                List.of(new Instruction.Value(99)), 0, 0);
        List<Instruction> list = list(machine, List.of(refused), "/bin/true");
        Process process = start(machine, list, "true");
        assertThat(report(list)).isEqualTo(new ChildReport(refused, -9));
        assertThat(status(process)).isEqualTo(FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void itEndsAtTheFirstCallThatGivesSomethingElse(Machines machine) throws Exception {
        Instruction other = new Instructions(machine.osArch()).open("/dev/null", Instructions.O_RDONLY, 99);
        List<Instruction> list = list(machine, List.of(other), "/bin/true");
        Process process = start(machine, list, "true");
        ChildReport report = report(list);
        assertThat(report.is(other)).isTrue();
        assertThat(report.passed()).isFalse();
        assertThat(report.result()).isBetween(5L, 98L);
        assertThat(status(process)).isEqualTo(FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void itEndsWhereNoProgramCanBeExecuted(Machines machine) throws Exception {
        List<Instruction> list = list(machine, List.of(), directory + "/nowhere", directory + "/image/x");
        Process process = start(machine, list, "true");
        assertThat(report(list).is(Elf.REPORT)).isTrue();
        leave.write(LEAVE);
        assertThat(report(list)).isEqualTo(new ChildReport(list.get(list.size() - 2), -2));
        assertThat(report(list)).isEqualTo(new ChildReport(list.getLast(), -20));
        assertThat(report(list)).isEqualTo(new ChildReport(Elf.END, 0));
        assertThat(status(process)).isEqualTo(FAILED);
    }
}
