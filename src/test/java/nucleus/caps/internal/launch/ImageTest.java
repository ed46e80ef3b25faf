package nucleus.caps.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nucleus.caps.internal.threads.Tool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test that runs an image from a file, without the library around it. */
abstract class ImageTest {

    static final int FAILED = 125;
    static final int MEMORY = 16;
    static final Elf.Ports PORTS = new Elf.Ports(3, 4);
    static final byte[] LEAVE = {0};

    @TempDir
    Path directory;
    private Path up;
    private Path down;
    private RandomAccessFile reports;
    RandomAccessFile leave;
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

    List<Instruction> list(Machines machine, List<Instruction> changes, String... programs) {
        Instructions calls = new Instructions(machine.osArch());
        List<Instruction> list = new ArrayList<>();
        list.add(calls.open(up.toString(), Instructions.O_WRONLY, 3));
        list.add(calls.open(down.toString(), Instructions.O_RDONLY, 4));
        list.addAll(changes);
        list.add(Elf.REPORT);
        Stream.of(programs).map(calls::execute).forEach(list::add);
        return list;
    }

    /** Opens the two pipes by the numbers that a table gives them. */
    Elf.Ports open(Machines machine, ChildTable table, List<Instruction> list) {
        Instructions calls = new Instructions(machine.osArch());
        int to = table.nextOwn();
        list.addAll(table.own(calls.open(up.toString(), Instructions.O_WRONLY, table.next())));
        int from = table.nextOwn();
        list.addAll(table.own(calls.open(down.toString(), Instructions.O_RDONLY, table.next())));
        return new Elf.Ports(to, from);
    }

    Process start(Machines machine, List<Instruction> list, String... arguments) throws IOException {
        return start(machine, PORTS, list, arguments);
    }

    Process start(Machines machine, Elf.Ports ports, List<Instruction> list, String... arguments) throws IOException {
        Path file = Files.write(directory.resolve("image"), Elf.of(machine.image(), ports, list, MEMORY));
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

    ChildReport report(List<Instruction> list) throws IOException, InterruptedException {
        return ChildReport.of(bytes(), list);
    }

    /** The next bytes from the image. */
    byte[] bytes() throws IOException, InterruptedException {
        byte[] bytes = new byte[ChildReport.LENGTH];
        FileInputStream waiting = new FileInputStream(reports.getFD());
        for (int i = 0; i < 12_000 && waiting.available() < bytes.length; i++) {
            Thread.sleep(5);
        }
        assertThat(waiting.available()).as("bytes of a report").isGreaterThanOrEqualTo(bytes.length);
        reports.readFully(bytes);
        return bytes;
    }

    static int status(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
