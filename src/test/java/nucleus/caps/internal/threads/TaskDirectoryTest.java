package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which listings are clean. A listing can miss a living thread while others end: then a second call gives more, or more
 * threads are passed than named.
 */
class TaskDirectoryTest {

    private static final int RECORD = 32;
    private static final int DOTS = 2;
    private static final long ESRCH = -3;
    private static final long ENOENT = -2;
    private static final long EACCES = -13;

    private static final long TABLE = 4711;

    private final ScriptedMachine machine = new ScriptedMachine();
    private long closed;

    /** Entries as getdents64(2) writes them; the first two are no threads. */
    private static byte[] entries(String... names) {
        ByteBuffer buffer = ByteBuffer.allocate(names.length * RECORD).order(ByteOrder.nativeOrder());
        for (int i = 0; i < names.length; i++) {
            buffer.putLong(i * RECORD, 1000 + i).putShort(i * RECORD + 16, (short) RECORD);
            buffer.put(i * RECORD + 19, names[i].getBytes(StandardCharsets.US_ASCII));
        }
        return buffer.array();
    }

    /** One listing: those calls of getdents64, then the end, and so many threads passed. */
    private TaskListing listed(long passed, boolean lastLives, String[]... calls) {
        TaskDirectory directory = new TaskDirectory(machine);
        machine.then(Syscall.LSEEK, 0);
        for (String[] names : calls) {
            machine.then(Syscall.GETDENTS64, ScriptedMachine.gives(entries(names)));
        }
        machine.then(Syscall.GETDENTS64, 0);
        machine.then(Syscall.LSEEK, passed + DOTS);
        machine.then(Syscall.TGKILL, lastLives ? 0 : ESRCH);
        return directory.list();
    }

    private static String[] names(String... names) {
        return names;
    }

    @Test
    void isCleanWhenOneCallNamesEveryThreadPassed() {
        TaskListing listing = listed(2, true, names(".", "..", "7", "12"));
        assertThat(listing.entries()).extracting(TaskListing.Entry::tid).containsExactly(7, 12);
        assertThat(listing.entries()).extracting(TaskListing.Entry::inode).containsExactly(1002L, 1003L);
        assertThat(listing.clean()).isTrue();
    }

    @Test
    void isNotCleanWhenASecondCallNamesMore() {
        TaskListing listing = listed(3, true, names(".", "..", "7", "12"), names("15"));
        assertThat(listing.entries()).extracting(TaskListing.Entry::tid).containsExactly(7, 12, 15);
        assertThat(listing.clean()).isFalse();
    }

    @Test
    void isNotCleanWhenAThreadWasPassedUnnamed() {
        assertThat(listed(3, true, names(".", "..", "7", "12")).clean()).isFalse();
    }

    @Test
    void isNotCleanWhenTheLastThreadHasEnded() {
        assertThat(listed(2, false, names(".", "..", "7", "12")).clean()).isFalse();
    }

    @Test
    void isNotCleanWithoutAThread() {
        assertThat(listed(0, true, names(".", "..")).clean()).isFalse();
    }

    @Test
    void refusesAListingThatFails() {
        TaskDirectory directory = new TaskDirectory(machine);
        machine.then(Syscall.GETDENTS64, EACCES);
        assertThatExceptionOfType(CapsException.class).isThrownBy(directory::list)
                .withMessageStartingWith("getdents64(/proc/self/task): EACCES");
    }

    @Test
    void refusesWithoutProc() {
        machine.then(Syscall.OPENAT, ENOENT);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> new TaskDirectory(machine))
                .withMessage("open(/proc/self/task): ENOENT: /proc is not mounted, or not for this process");
    }

    @Test
    void refusesTheStatusOfAnotherPidNamespace() {
        machine.then(Syscall.READ, ScriptedMachine.gives("Pid:\t1\nNSpid:\t1\n")).then(Syscall.READ, 0);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> new TaskDirectory(machine))
                .withMessage("read(/proc/self/task): /proc is of another process or pid namespace");
    }

    @Test
    void refusesAListingWithoutTheCallingThread() {
        machine.then(Syscall.LSEEK, 0).then(Syscall.GETDENTS64, ScriptedMachine.gives(entries("1")));
        machine.then(Syscall.GETDENTS64, 0);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> new TaskDirectory(machine))
                .withMessage("read(/proc/self/task): /proc is of another process or pid namespace");
    }

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
    void seesAProcOfAnotherPidNamespace() {
        assertThat(TaskDirectory.isOf(12, "Pid:\t12\nNSpid:\t12\nNSpgid:\t1\n")).isTrue();
        assertThat(TaskDirectory.isOf(12, "Pid:\t12\nNSpid:\t12\t2\nNSpgid:\t1\n")).isFalse();
        assertThat(TaskDirectory.isOf(12, "Pid:\t312\nNSpid:\t312\t12\nNSpgid:\t1\n")).isFalse();
        assertThat(TaskDirectory.isOf(12, "Pid:\t12\n")).isFalse();
    }

    @Test
    void refusesAFileSystemThatIsNotProc() {
        machine.then(Syscall.FSTATFS, arguments -> 0); // the magic number stays 0
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> new TaskDirectory(machine))
                .withMessage("read(/proc/self/task): /proc is of another process or pid namespace");
    }

    @Test
    void judgesTheCallingThread() {
        TaskStat stat = new TaskDirectory(machine).stat(Raw.gettid());
        assertThat(stat).isEqualTo(new TaskStat('R', stat.flags(), false));
        assertThat(stat.ended()).isFalse();
        assertThat(stat.kernelWorker()).isFalse();
    }

    /** The descriptors of a thread as a listing and then the links name them. */
    private List<Integer> rings(ScriptedMachine.Reply... links) {
        TaskDirectory directory = new TaskDirectory(machine);
        String[] names = IntStream.range(0, links.length + DOTS).mapToObj(i -> i < DOTS ? "..".substring(i) : "" + (3 + i))
                .toArray(String[]::new);
        machine.then(Syscall.OPENAT, TABLE).then(Syscall.GETDENTS64, ScriptedMachine.gives(entries(names)));
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
                .withMessage("open(/proc/self/task/7/stat): EACCES: a table of descriptors cannot be marked");
    }

    @Test
    void listsManyThreadsAtOnce() {
        List<String> names = IntStream.rangeClosed(1, 5_000).mapToObj(Integer::toString).toList();
        TaskListing listing = listed(5_000, true, names.toArray(String[]::new));
        assertThat(listing.entries()).extracting(TaskListing.Entry::tid).hasSize(5_000);
        assertThat(listing.clean()).isTrue();
    }
}
