package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.stream.IntStream;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link TaskDirectory} finds io_uring among the descriptors of a thread. */
class DescriptorTablesTest {

    private static final long ESRCH = -3;
    private static final long ENOENT = -2;
    private static final long EACCES = -13;
    private static final int DOTS = 2;
    private static final long TABLE = 4711;

    private final ScriptedMachine machine = new ScriptedMachine();
    private long closed;

    /** The descriptors of a thread as a listing and then the links name them. */
    private List<Integer> rings(ScriptedMachine.Reply... links) {
        TaskDirectory directory = new TaskDirectory(machine);
        String[] names = IntStream.range(0, links.length + DOTS).mapToObj(i -> i < DOTS ? "..".substring(i) : "" + (3 + i))
                .toArray(String[]::new);
        machine.then(Syscall.OPENAT, TABLE).then(Syscall.GETDENTS64, ScriptedMachine.gives(ScriptedMachine.entries(names)));
        machine.then(Syscall.GETDENTS64, 0);
        for (ScriptedMachine.Reply link : links) {
            machine.then(Syscall.READLINKAT, link);
        }
        machine.then(Syscall.CLOSE, arguments -> closed = arguments[0]);
        return directory.rings(7);
    }

    /** Writes a link as readlinkat(2) does. */
    private static ScriptedMachine.Reply link(String target) {
        return arguments -> ScriptedMachine.gives(target).to(new long[] {arguments[0], arguments[2], arguments[3]});
    }

    @Test
    void findsTheRingsAmongTheDescriptorsOfAThread() {
        assertThat(rings(link("/dev/null"), link("anon_inode:[io_uring]"), link("anon_inode:[eventpoll]"), arguments -> ENOENT,
                link("anon_inode:[io_uring]"))).containsExactly(6, 9);
        assertThat(closed).isEqualTo(TABLE);
        assertThat(rings()).isEmpty();
    }

    @Test
    void refusesADescriptorThatCannotBeRead() {
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> rings(arguments -> EACCES))
                .withMessage("readlinkat(/proc/self/task): EACCES: a descriptor cannot be read");
        assertThat(closed).isEqualTo(TABLE);
    }

    @ParameterizedTest
    @ValueSource(longs = {ENOENT, ESRCH})
    void findsNoRingsOfAThreadThatIsGone(long errno) {
        TaskDirectory directory = new TaskDirectory(machine);
        machine.then(Syscall.OPENAT, errno);
        assertThat(directory.rings(7)).isEmpty();
        machine.then(Syscall.OPENAT, TABLE).then(Syscall.GETDENTS64, errno).then(Syscall.CLOSE, 0);
        assertThat(directory.rings(7)).isEmpty();
    }

    @Test
    void refusesATableOfDescriptorsThatCannotBeRead() {
        TaskDirectory directory = new TaskDirectory(machine);
        machine.then(Syscall.OPENAT, EACCES);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> directory.rings(7))
                .withMessage("read(/proc/self/task/7/fd): EACCES: the file cannot be read");
        machine.then(Syscall.OPENAT, TABLE).then(Syscall.GETDENTS64, EACCES).then(Syscall.CLOSE, 0);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> directory.rings(7));
    }

    @Test
    void marksATableOfDescriptors() {
        TaskDirectory directory = new TaskDirectory(machine);
        machine.then(Syscall.OPENAT, 0);
        assertThat(directory.mark(7)).isZero();
        machine.then(Syscall.OPENAT, TABLE);
        assertThat(directory.mark(7)).isEqualTo((int) TABLE);
        machine.then(Syscall.OPENAT, EACCES);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> directory.mark(7))
                .withMessage("open(/proc/self/task/7/stat): EACCES: the descriptor table of the thread cannot be marked");
    }
}
