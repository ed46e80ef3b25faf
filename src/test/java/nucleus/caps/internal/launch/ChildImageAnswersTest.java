package nucleus.caps.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an image reports, and the scripts that it leaves to the shell. */
class ChildImageAnswersTest extends ImageTest {

    private static Instruction question(Machines machine, Syscall syscall, Instruction.Operand... operands) {
        return new Instruction(syscall.name(), syscall.on(machine.osArch()), List.of(operands), Instruction.NEVER,
                Instruction.ANSWER);
    }

    /** A refused question is an answer too. */
    @ParameterizedTest
    @EnumSource
    void answersQuestionsFromItsOwnMemory(Machines machine) throws Exception {
        long uid = (int) Files.getAttribute(directory, "unix:uid");
        List<Instruction> questions = List.of(question(machine, Syscall.GETUID),
                question(machine, Syscall.CLOSE, new Instruction.Value(99)),
                question(machine, Syscall.PIPE2, new Instruction.Own(4), new Instruction.Value(0)),
                new Instructions(machine.osArch()).writeOwn(3, MEMORY));
        List<Instruction> list = list(machine, questions, "/bin/true");
        Process process = start(machine, list, "true");
        assertThat(report(list)).isEqualTo(new ChildReport(questions.get(0), uid));
        assertThat(report(list)).isEqualTo(new ChildReport(questions.get(1), -9));
        assertThat(report(list)).isEqualTo(new ChildReport(questions.get(2), 0));
        ByteBuffer memory = ByteBuffer.wrap(bytes()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(memory.getInt(0)).isZero();
        assertThat(memory.getInt(4)).isGreaterThan(4);
        assertThat(memory.getInt(8)).isGreaterThan(memory.getInt(4));
        assertThat(report(list).is(Elf.REPORT)).isTrue();
        leave.write(LEAVE);
        assertThat(status(process)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void endsIfItCannotReport(Machines machine) throws Exception {
        List<Instruction> list = list(machine, List.of(), "/bin/true");
        list.set(0, new Instructions(machine.osArch()).open("/dev/null", Instructions.O_RDONLY, 3));
        assertThat(status(start(machine, list, "true"))).isEqualTo(FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void leavesAScriptToTheShell(Machines machine) throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "echo \"$0|$1|$2|$#\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Instructions calls = new Instructions(machine.osArch());
        List<Instruction> list = list(machine, List.of());
        list.addAll(calls.executeByShell(directory + "/nowhere")); // the shell must not look for it
        list.addAll(calls.executeByShell(script.toString()));
        Process process = start(machine, list, "script", "a b", "");
        assertThat(report(list).is(Elf.REPORT)).isTrue();
        leave.write(LEAVE);
        assertThat(report(list).result()).isEqualTo(-2);
        assertThat(report(list).result()).isEqualTo(-8);
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(script + "|a b||2\n");
        assertThat(status(process)).isZero();
    }
}
