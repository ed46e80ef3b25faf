package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which signals run a program, and which handler is there before, during and after. */
class SignalTest {

    private static final Program PROGRAM = Raw.asking(Raw.GETTID);

    private final String before = Raw.action();
    private final OnThisThread thread = new OnThisThread();

    @AfterEach
    void restore() {
        thread.close();
        assertThat(Raw.action()).isEqualTo(before);
    }

    @Test
    void runsTheProgramOfTheRoundUnderWay() {
        assertThat(thread.run(PROGRAM)).usingRecursiveComparison().isEqualTo(
                new Answer(Raw.gettid(), 1, Answer.NONE, 0, new long[] {Raw.gettid()}, new byte[0]));
        assertThat(Raw.action()).isNotEqualTo(before);
    }

    @Test
    void runsNothingForASignalOfAnEarlierRound() {
        ControlBlock earlier = thread.loaded(PROGRAM);
        ControlBlock later = thread.loaded(PROGRAM);
        thread.signal.install(earlier);
        thread.machine.current(later.address());

        thread.signal(1);

        assertThat(earlier.take()).isEmpty();
        assertThat(later.take()).isEmpty();
    }

    @Test
    void runsNothingAfterTheRound() {
        ControlBlock block = thread.loaded(PROGRAM);
        thread.signal.install(block);
        thread.signal.disarm();

        thread.signal(1);

        assertThat(block.take()).isEmpty();
    }

    /** The pid in the block is the one that must have sent the signal. */
    @Test
    void runsNothingForASignalOfAnotherProcess() {
        ControlBlock block = new ControlBlock(thread.machine, Raw.getpid() + 1, 4, 32);
        block.load(PROGRAM);
        thread.signal.install(block);

        thread.signal(1);

        assertThat(block.take()).isEmpty();
    }

    @Test
    void leavesAnActionThatSomebodyElseInstalled() {
        thread.signal.install(thread.loaded(PROGRAM));
        try (OnThisThread other = new OnThisThread()) {
            other.signal.install(other.loaded(PROGRAM));
            String during = Raw.action();

            assertThat(thread.signal.restore()).isTrue();

            assertThat(Raw.action()).isEqualTo(during);
        }
        assertThat(Raw.action()).isNotEqualTo(before);
    }

    @Test
    void handsAForeignSignalToTheHandlerThatWasThere() {
        ControlBlock block = thread.loaded(PROGRAM);
        thread.signal.install(block);
        try (OnThisThread other = new OnThisThread()) {
            other.signal.install(other.loaded(PROGRAM));

            thread.signal(1);
        }
        assertThat(block.take()).extracting(Answer::ask).containsExactly(1);
    }

    @Test
    void staysWhenTheActionCannotBeRestored() {
        ScriptedMachine scripted = new ScriptedMachine();
        Signal signal = new Signal(scripted, Raw.getpid());
        signal.install(new ControlBlock(scripted, Raw.getpid(), 4, 32));
        scripted.then(Syscall.RT_SIGACTION, -1);
        assertThat(signal.restore()).isFalse();
        assertThat(Raw.action()).isNotEqualTo(before);
        signal.disarm();
        assertThat(signal.restore()).isTrue();
    }

    @Test
    void refusesWhenTheActionCannotBeRead() {
        ScriptedMachine scripted = new ScriptedMachine().then(Syscall.RT_SIGACTION, -1);
        Signal signal = new Signal(scripted, Raw.getpid());
        ControlBlock block = thread.loaded(PROGRAM);

        assertThatThrownBy(() -> signal.install(block)).isInstanceOf(CapsException.class)
                .hasMessage("rt_sigaction(33): EPERM: the signal handler cannot be read");
    }

    @Test
    void refusesWhenTheHandlerCannotBeInstalled() {
        ScriptedMachine scripted = new ScriptedMachine();
        Signal signal = new Signal(scripted, Raw.getpid());
        ControlBlock block = thread.loaded(PROGRAM);
        scripted.then(Syscall.RT_SIGACTION, arguments -> Raw.call(Syscall.RT_SIGACTION.number(), arguments))
                .then(Syscall.RT_SIGACTION, -1);

        assertThatThrownBy(() -> signal.install(block)).isInstanceOf(CapsException.class)
                .hasMessage("rt_sigaction(33): EPERM: the signal handler cannot be installed");
    }

    @Test
    void refusesWhenTheKernelOnlySaysThatItIsInstalled() {
        ScriptedMachine scripted = new ScriptedMachine();
        Signal signal = new Signal(scripted, Raw.getpid());
        ControlBlock block = thread.loaded(PROGRAM);
        scripted.then(Syscall.RT_SIGACTION, arguments -> Raw.call(Syscall.RT_SIGACTION.number(), arguments))
                .then(Syscall.RT_SIGACTION, 0);

        assertThatThrownBy(() -> signal.install(block)).isInstanceOf(CapsException.class)
                .hasMessage("rt_sigaction(33): the kernel accepted the signal handler but reports another one");
    }
}
