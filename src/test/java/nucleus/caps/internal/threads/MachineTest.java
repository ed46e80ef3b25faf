package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of code, and the memory. */
class MachineTest {

    private static final int ENOMEM = 12;
    private static final int EACCES = 13;

    private final Machine machine = new Machine(Raw.PROCESSOR);

    @Test
    void mapsNoMemoryWritableAndExecutable() throws IOException {
        assertThat(permissions(machine.entry())).isEqualTo("r-xp");
        assertThat(permissions(machine.entry() + Handler.TO_DATA)).isEqualTo("rw-p");
        assertThat(permissions(machine.allocate(4096).address())).isEqualTo("rw-p");
    }

    private static String permissions(long address) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream().filter(line -> {
            String[] range = line.substring(0, line.indexOf(' ')).split("-");
            return Long.parseUnsignedLong(range[0], 16) <= address && address < Long.parseUnsignedLong(range[1], 16);
        }).map(line -> line.split(" ")[1]).findFirst().orElse("not mapped");
    }

    @Test
    void putsTheRestorerBehindTheHandler() {
        int restorer = Raw.PROCESSOR.handler().restorer();

        assertThat(machine.restorer()).isEqualTo(restorer == Handler.NONE ? 0 : machine.entry() + restorer);
    }

    @Test
    void refusesWithoutMemory() {
        ScriptedMachine scripted = new ScriptedMachine().then(Syscall.MMAP, -ENOMEM);

        assertThatThrownBy(() -> scripted.allocate(4096)).isInstanceOf(CapsException.class)
                .hasMessage("mmap(4096): ENOMEM: no memory for a program that every thread reads");
    }

    @Test
    void answersAsTheKernelDoes() {
        assertThat(machine.call(Syscall.GETPID)).isEqualTo(ProcessHandle.current().pid());
        assertThat(machine.call(Syscall.CLOSE, -1)).isEqualTo(-9);
        assertThat(machine.call(Syscall.STATFS, 0, 0)).isEqualTo(-14);
    }

    @Test
    void knowsThreeProcessors() {
        assertThat(Processor.of("amd64")).isEqualTo(Processor.X86_64);
        assertThat(Processor.of("aarch64")).isEqualTo(Processor.AARCH64);
        assertThat(Processor.of("riscv64")).isEqualTo(Processor.RISCV64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ppc64le", "s390x", "x86", "loongarch64"})
    void namesAProcessorWithoutAHandler(String osArch) {
        assertThatThrownBy(() -> Processor.of(osArch)).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(osArch).hasMessageNotContaining("\n");
    }

    @Test
    void namesTheErrorOfARefusal() {
        assertThat(Errno.of(-EACCES).exception("call()", "rule")).hasMessage("call(): EACCES: rule")
                .matches(e -> e.errno() == EACCES && !e.changed());
        assertThat(Errno.of(-4000).exception("call()", "rule")).hasMessage("call(): errno 4000: rule");
        assertThat(Errno.NONE.exception("call()", "rule")).hasMessage("call(): rule");
    }
}
