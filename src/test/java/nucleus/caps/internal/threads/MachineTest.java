package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nucleus.caps.CapsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of code, the signal, and the control block, one by one. */
class MachineTest {

    private final Machine machine = new Machine(Raw.PROCESSOR);

    @Test
    void theCodeCanBeRunAndTheDataWrittenAndNeitherBoth() throws IOException {
        assertThat(permissions(machine.entry())).isEqualTo("r-xp");
        assertThat(permissions(machine.entry() + Handler.TO_DATA)).isEqualTo("rw-p");
        assertThat(permissions(new ControlBlock(machine, 1).address())).isEqualTo("rw-p");
    }

    private static String permissions(long address) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream().filter(line -> {
            String[] range = line.substring(0, line.indexOf(' ')).split("-");
            return Long.parseUnsignedLong(range[0], 16) <= address && address < Long.parseUnsignedLong(range[1], 16);
        }).map(line -> line.split(" ")[1]).findFirst().orElse("not mapped");
    }

    @Test
    void aSignalForAnEarlierRoundRunsNothing() {
        Signal signal = new Signal(machine, Raw.getpid());
        ControlBlock earlier = loaded();
        ControlBlock later = loaded();
        String before = Raw.action();
        signal.install(earlier);
        try {
            assertThat(signal.send(Raw.gettid())).isZero();
            assertThat(earlier.take()).containsExactly(new Answer(Raw.gettid(), 1, Raw.gettid()));

            machine.current(later.address());
            assertThat(signal.send(Raw.gettid())).isZero();
            signal.disarm();
            assertThat(signal.send(Raw.gettid())).isZero();

            assertThat(earlier.take()).isEmpty();
            assertThat(later.take()).isEmpty();
        } finally {
            signal.disarm();
            signal.restore();
        }
        assertThat(Raw.action()).isEqualTo(before);
    }

    /** The pid in the control block is the one that must have sent the signal. */
    @Test
    void aSignalOfAnotherProcessRunsNothing() {
        Signal signal = new Signal(machine, Raw.getpid());
        ControlBlock block = new ControlBlock(machine, Raw.getpid() + 1);
        block.load(List.of(Raw.GETTID));
        signal.install(block);
        try {
            assertThat(signal.send(Raw.gettid())).isZero();
            assertThat(block.take()).isEmpty();
        } finally {
            signal.disarm();
            signal.restore();
        }
    }

    @Test
    void anActionThatSomebodyElseInstalledMeanwhileIsLeft() {
        Signal first = new Signal(machine, Raw.getpid());
        Signal second = new Signal(new Machine(Raw.PROCESSOR), Raw.getpid());
        String before = Raw.action();
        first.install(loaded());
        second.install(loaded());
        String during = Raw.action();
        first.restore();
        assertThat(Raw.action()).isEqualTo(during);
        first.disarm();
        second.disarm();
        second.restore();
        first.restore();
        assertThat(Raw.action()).isEqualTo(before);
    }

    @Test
    void aSignalAfterTheRoundRunsNothing() {
        Signal signal = new Signal(machine, Raw.getpid());
        ControlBlock block = loaded();
        signal.install(block);
        signal.disarm();
        assertThat(signal.send(Raw.gettid())).isZero();
        signal.restore();
        assertThat(block.take()).isEmpty();
    }

    @Test
    void whatIsNotOursGoesToTheHandlerThatWasThere() {
        Signal first = new Signal(machine, Raw.getpid());
        Signal second = new Signal(new Machine(Raw.PROCESSOR), Raw.getpid());
        ControlBlock block = loaded();
        first.install(block);
        second.install(loaded());
        assertThat(first.send(Raw.gettid())).isZero();
        second.disarm();
        second.restore();
        first.disarm();
        first.restore();
        assertThat(block.take()).containsExactly(new Answer(Raw.gettid(), 1, Raw.gettid()));
    }

    @Test
    void whereTheActionCannotBeReadItIsRefused() {
        ScriptedMachine scripted = new ScriptedMachine().then(Raw.NUMBERS.sigaction(), -1);
        Signal signal = new Signal(scripted, Raw.getpid());
        assertThatThrownBy(() -> signal.install(loaded())).isInstanceOf(CapsException.class)
                .hasMessage("rt_sigaction(33): EPERM: the signal handler cannot be read");
    }

    @Test
    void whereThereIsNoMemoryItIsRefused() {
        ScriptedMachine scripted = new ScriptedMachine().then(Raw.NUMBERS.mmap(), -12);
        assertThatThrownBy(() -> scripted.allocate(4096)).isInstanceOf(CapsException.class)
                .hasMessage("mmap(4096): ENOMEM: no memory for a program that every thread reads");
    }

    @Test
    void anAnswerIsAFailureWhereItIsAnErrno() {
        assertThat(new Answer(1, 0, -1).errno()).isEqualTo(1);
        assertThat(new Answer(1, 0, -4095).failed()).isTrue();
        assertThat(new Answer(1, 0, -4096).failed()).isFalse();
        assertThat(new Answer(1, 0, 0).failed()).isFalse();
    }

    @Test
    void anOutcomeIsCompleteWhereNobodyIsNewAndNobodySilent() {
        Outcome.Effort none = new Outcome.Effort(0, 0, 0, 0, 0, 0, 0);
        assertThat(new Outcome(Map.of(), List.of(), true, none).complete()).isTrue();
        assertThat(new Outcome(Map.of(), List.of(1), true, none).complete()).isFalse();
        assertThat(new Outcome(Map.of(), List.of(), false, none).complete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(chars = {'Z', 'X', TaskStat.GONE})
    void aThreadInThoseStatesHasEnded(char state) {
        assertThat(new TaskStat(state, 0).ended()).isTrue();
        assertThat(new TaskStat('S', 0).ended()).isFalse();
        assertThat(TaskStat.unknown().ended()).isFalse();
    }

    private ControlBlock loaded() {
        ControlBlock block = new ControlBlock(machine, Raw.getpid());
        block.load(List.of(Raw.GETTID));
        return block;
    }

    @Test
    void answersAreTakenOnceAndNotByTheNextProgram() {
        Signal signal = new Signal(machine, Raw.getpid());
        ControlBlock block = loaded();
        signal.install(block);
        try {
            signal.send(Raw.gettid());
            signal.send(Raw.gettid());
            assertThat(block.take()).hasSize(2);
            assertThat(block.take()).isEmpty();
            signal.send(Raw.gettid());
            block.load(List.of());
            assertThat(block.take()).isEmpty();
            signal.send(Raw.gettid());
            signal.send(Raw.gettid());
            assertThat(block.take()).hasSize(2).containsOnly(new Answer(Raw.gettid(), 0, 0));
        } finally {
            signal.disarm();
            signal.restore();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"riscv64", "ppc64le", "s390x", "x86", "loongarch64"})
    void processorsWithoutAHandlerAreNamed(String osArch) {
        assertThatThrownBy(() -> Processor.of(osArch)).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(osArch).hasMessageNotContaining("\n");
    }

    @Test
    void aProcOfAnotherPidNamespaceIsSeen() {
        assertThat(TaskDirectory.isOf(12, "Pid:\t12\nNSpid:\t12\nNSpgid:\t1\n")).isTrue();
        assertThat(TaskDirectory.isOf(12, "Pid:\t12\nNSpid:\t12\t2\nNSpgid:\t1\n")).isFalse();
        assertThat(TaskDirectory.isOf(12, "Pid:\t312\nNSpid:\t312\t12\nNSpgid:\t1\n")).isFalse();
        assertThat(TaskDirectory.isOf(12, "Pid:\t12\n")).isFalse();
    }

    @Test
    void aStatIsReadBehindAnyName() {
        String rest = " S 1 2 3 4 5 4194368 7 8 9 10 11 12 13 14 15 16 17 18 9157 20 21";

        assertThat(TaskStat.of("123 (a) Z 0 (b)" + rest)).isEqualTo(new TaskStat('S', 4194368));
        assertThat(TaskStat.of("123 (iou-wrk)" + rest).kernelWorker()).isFalse();
        assertThat(TaskStat.of("123 (java)" + rest.replace("4194368", "4194384")).kernelWorker()).isTrue();
        assertThat(TaskStat.of("123 (java)" + rest.replace("4194368", "4210752")).kernelWorker()).isTrue();
        assertThat(TaskStat.of("123 (java)" + rest.replace(" S ", " Z ")).ended()).isTrue();
    }
}
