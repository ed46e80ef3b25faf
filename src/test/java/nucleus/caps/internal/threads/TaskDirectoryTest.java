package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.stream.IntStream;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;

/**
 * Which listings are clean. A listing can miss a living thread while others end: then a second call gives more, or more
 * threads are passed than named.
 */
class TaskDirectoryTest {

    private static final int DOTS = 2;
    private static final long ESRCH = -3;
    private static final long ENOENT = -2;
    private static final long EACCES = -13;

    private final ScriptedMachine machine = new ScriptedMachine();

    /** One listing: those calls of getdents64, then the end, and so many threads passed. */
    private TaskListing listed(long passed, boolean lastLives, String[]... calls) {
        TaskDirectory directory = new TaskDirectory(machine);
        machine.then(Syscall.LSEEK, 0);
        for (String[] names : calls) {
            machine.then(Syscall.GETDENTS64, ScriptedMachine.gives(ScriptedMachine.entries(names)));
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
                .withMessage("open(/proc/self/task): ENOENT: /proc is not mounted, or it belongs to another pid namespace");
    }

    @Test
    void refusesTheStatusOfAnotherPidNamespace() {
        machine.then(Syscall.READ, ScriptedMachine.gives("Pid:\t1\nNSpid:\t1\n")).then(Syscall.READ, 0);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> new TaskDirectory(machine))
                .withMessage("read(/proc/self/task): /proc belongs to another process or pid namespace");
    }

    @Test
    void refusesAListingWithoutTheCallingThread() {
        machine.then(Syscall.LSEEK, 0).then(Syscall.GETDENTS64, ScriptedMachine.gives(ScriptedMachine.entries("1")));
        machine.then(Syscall.GETDENTS64, 0);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> new TaskDirectory(machine))
                .withMessage("read(/proc/self/task): /proc belongs to another process or pid namespace");
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
                .withMessage("read(/proc/self/task): /proc belongs to another process or pid namespace");
    }

    @Test
    void listsManyThreadsAtOnce() {
        List<String> names = IntStream.rangeClosed(1, 5_000).mapToObj(Integer::toString).toList();
        TaskListing listing = listed(5_000, true, names.toArray(String[]::new));
        assertThat(listing.entries()).extracting(TaskListing.Entry::tid).hasSize(5_000);
        assertThat(listing.clean()).isTrue();
    }
}
