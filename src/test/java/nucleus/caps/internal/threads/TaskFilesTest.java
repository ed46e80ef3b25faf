package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link TaskDirectory} reads files of threads. A thread can be gone, or its file unreadable. */
class TaskFilesTest {

    private static final long ESRCH = -3;
    private static final long ENOENT = -2;
    private static final long EACCES = -13;

    private final ScriptedMachine machine = new ScriptedMachine();

    @ParameterizedTest
    @ValueSource(longs = {ENOENT, ESRCH})
    void findsNoFileOfAThreadThatIsGone(long errno) {
        TaskDirectory directory = new TaskDirectory(machine);
        assertThat(directory.file("1/status")).isEmpty();
        machine.then(Syscall.READ, errno);
        assertThat(directory.file(Raw.gettid() + "/status")).isEmpty();
        machine.then(Syscall.OPENAT, errno);
        assertThat(directory.stat(Raw.gettid())).isEqualTo(TaskStat.gone());
    }

    @Test
    void refusesAFileThatCannotBeRead() {
        TaskDirectory directory = new TaskDirectory(machine);
        machine.then(Syscall.OPENAT, EACCES);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> directory.file("7/status"))
                .withMessage("read(/proc/self/task/7/status): EACCES: the file cannot be read");
    }

    @Test
    void takesNoErrorForTheEndOfAFile() {
        TaskDirectory directory = new TaskDirectory(machine);
        machine.then(Syscall.READ, ScriptedMachine.gives("half")).then(Syscall.READ, EACCES);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> directory.file(Raw.gettid() + "/status"))
                .withMessageContaining("EACCES");
    }

    @Test
    void knowsNothingOfALivingThreadWhoseStatCannotBeRead() {
        TaskDirectory directory = new TaskDirectory(machine);
        machine.then(Syscall.OPENAT, EACCES).then(Syscall.TGKILL, 0);
        assertThat(directory.stat(7)).isEqualTo(TaskStat.unknown());
        machine.then(Syscall.OPENAT, EACCES).then(Syscall.TGKILL, ESRCH);
        assertThat(directory.stat(7)).isEqualTo(TaskStat.gone());
    }

    @Test
    void judgesTheCallingThread() {
        TaskStat stat = new TaskDirectory(machine).stat(Raw.gettid());
        assertThat(stat).isEqualTo(new TaskStat('R', stat.flags(), false));
        assertThat(stat.ended()).isFalse();
        assertThat(stat.kernelWorker()).isFalse();
    }
}
