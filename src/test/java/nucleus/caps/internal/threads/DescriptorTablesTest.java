package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** io_uring among the descriptors of threads. */
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
        List<Long> ends = new ArrayList<>();
        machine.then(Syscall.PIPE2, pipe(5, 6)).then(Syscall.CLOSE, arguments -> ends.add(arguments[0]) ? 0 : EACCES);
        assertThat(directory.mark()).isEqualTo(5);
        assertThat(ends).as("the end that nothing needs").containsExactly(6L);
        machine.then(Syscall.PIPE2, EACCES);
        assertThatExceptionOfType(CapsException.class).isThrownBy(directory::mark)
                .withMessage("pipe2(): EACCES: the descriptor table of the calling thread cannot be marked");
    }

    /** Writes two descriptors as pipe2(2) does. */
    private static ScriptedMachine.Reply pipe(int read, int write) {
        return arguments -> {
            MemorySegment.ofAddress(arguments[0]).reinterpret(8).copyFrom(MemorySegment.ofArray(new int[] {read, write}));
            return 0;
        };
    }

    private void marked() {
        machine.then(Syscall.PIPE2, pipe(5, 6)).then(Syscall.CLOSE, 0);
    }

    /** The listing of the table of a thread. The links of its descriptors follow. */
    private void table(String... names) {
        machine.then(Syscall.OPENAT, TABLE).then(Syscall.GETDENTS64, ScriptedMachine.gives(ScriptedMachine.entries(names)))
                .then(Syscall.GETDENTS64, 0).then(Syscall.CLOSE, 0);
    }

    /** Thread 8 has the mark, 9 has no such descriptor, and 10 has another file there. */
    @Test
    void readsTheTablesOfThreadsWithoutTheMark() {
        DescriptorTables tables = new DescriptorTables(new TaskDirectory(machine));
        table("3");
        machine.then(Syscall.READLINKAT, link("/dev/null"));
        marked();
        for (int thread = 0; thread < 2; thread++) {
            machine.then(Syscall.READLINKAT, link("pipe:[77]"));
        }
        machine.then(Syscall.READLINKAT, link("pipe:[77]")).then(Syscall.READLINKAT, ENOENT);
        table("4");
        machine.then(Syscall.READLINKAT, link("/dev/null")).then(Syscall.READLINKAT, link("pipe:[76]"));
        table("5", "6");
        machine.then(Syscall.READLINKAT, link("/dev/null")).then(Syscall.READLINKAT, link("anon_inode:[io_uring]"));
        machine.then(Syscall.CLOSE, arguments -> closed = arguments[0]);

        assertThat(tables.rings(List.of(7, 8, 9, 10))).hasValue("descriptors [6] of thread 10");
        assertThat(closed).as("the mark").isEqualTo(5);
    }

    @Test
    void readsTheTableOfTheCallingThreadBeforeTheMark() {
        DescriptorTables tables = new DescriptorTables(new TaskDirectory(machine));
        table("3");
        machine.then(Syscall.READLINKAT, link("anon_inode:[io_uring]")).then(Syscall.PIPE2, EACCES);

        assertThat(tables.rings(List.of(7, 8))).hasValue("descriptors [3]");
    }

    /** Then no thread counts as one that shares the table. */
    @Test
    void readsEveryTableIfTheMarkCannotBeRead() {
        DescriptorTables tables = new DescriptorTables(new TaskDirectory(machine));
        table("3");
        machine.then(Syscall.READLINKAT, link("/dev/null"));
        marked();
        machine.then(Syscall.READLINKAT, ENOENT);
        table("3");
        machine.then(Syscall.READLINKAT, link("/dev/null"));
        table("6");
        machine.then(Syscall.READLINKAT, link("anon_inode:[io_uring]")).then(Syscall.CLOSE, 0);

        assertThat(tables.rings(List.of(7, 8))).hasValue("descriptors [6] of thread 8");
    }
}
