package nucleus.caps.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter, as the kernel would run it. Numbers and values are written here again, from the headers of the kernel. */
class FilterProgramTest {

    private static final long ALLOWED = 0x7fff_0000L;
    private static final long EPERM = 0x5_0001L;
    private static final long EACCES = 0x5_000dL;
    private static final long ENOSYS = 0x5_0026L;

    private static final Denial NAMESPACES = new Denial(true, false);
    private static final Denial EXEC = new Denial(false, true);

    private static final long[] NEW = {0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
        0x80};

    /** CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID: a thread of glibc. */
    private static final long THREAD = 0x3d_0f00;
    private static final long SIGCHLD = 17;

    /** The numbers of clone (newTask), unshare, setns, execve and execveat; an ARCH of x32 has the bit of x32 in its numbers. */
    record Way(String osArch, long arch, long bit, int newTask, int unshare, int setns, int execve, int execveat) {

        Answer call(long number, long... arguments) {
            return new Answer(this, number | bit, arguments);
        }
    }

    record Answer(Way way, long number, long... arguments) {

        long under(Denial denial) {
            return run(FilterProgram.of(denial, way.osArch()), way.arch(), number, arguments);
        }
    }

    static List<Way> ways() {
        return List.of(new Way("amd64", 0xc000_003eL, 0, 56, 272, 308, 59, 322),
                new Way("amd64", 0xc000_003eL, 0x4000_0000L, 56, 272, 308, 520, 545),
                new Way("amd64", 0x4000_0003L, 0, 120, 310, 346, 11, 358),
                new Way("aarch64", 0xc000_00b7L, 0, 220, 97, 268, 221, 281),
                new Way("aarch64", 0x4000_0028L, 0, 120, 337, 375, 11, 387),
                new Way("riscv64", 0xc000_00f3L, 0, 220, 97, 268, 221, 281),
                new Way("riscv64", 0x4000_00f3L, 0, 220, 97, 268, 221, 281));
    }

    /** One program: loads of a word, AND, two jumps and RET. Anything else is a fault of the program. */
    static long run(byte[] program, long arch, long number, long... arguments) {
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, (int) number).putInt(4, (int) arch);
        for (int i = 0; i < arguments.length; i++) {
            data.putLong(16 + 8 * i, arguments[i]);
        }
        int a = 0;
        for (int at = 0;; at++) {
            int yes = Byte.toUnsignedInt(code.get(8 * at + 2));
            int no = Byte.toUnsignedInt(code.get(8 * at + 3));
            int k = code.getInt(8 * at + 4);
            switch (code.getShort(8 * at)) {
                case 0x20 -> a = data.getInt(k);
                case 0x54 -> a &= k;
                case 0x15 -> at += a == k ? yes : no;
                case 0x45 -> at += (a & k) != 0 ? yes : no;
                case 0x06 -> {
                    return Integer.toUnsignedLong(k);
                }
                default -> throw new AssertionError("no instruction: " + code.getShort(8 * at));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void refusesEachWayToANamespace(Way way) {
        LongStream.of(NEW).forEach(flag -> {
            assertThat(way.call(way.newTask(), flag | SIGCHLD).under(NAMESPACES)).isEqualTo(EPERM);
            assertThat(way.call(way.newTask(), flag | THREAD).under(NAMESPACES)).isEqualTo(EPERM);
            assertThat(way.call(way.unshare(), flag).under(NAMESPACES)).isEqualTo(EPERM);
        });
        assertThat(way.call(way.unshare(), 0x10_0000).under(NAMESPACES)).as("UNSHARE_EMPTY_MNTNS").isEqualTo(EPERM);
        assertThat(way.call(way.setns(), 3, 0).under(NAMESPACES)).isEqualTo(EPERM);
        assertThat(way.call(435).under(NAMESPACES)).as("clone3").isEqualTo(ENOSYS);
        assertThat(way.call(428, 0, 0, 2).under(NAMESPACES)).as("open_tree").isEqualTo(EPERM);
        assertThat(way.call(467, 0, 0, 3).under(NAMESPACES)).as("open_tree_attr").isEqualTo(EPERM);
        assertThat(way.call(432, 0, 2).under(NAMESPACES)).as("fsmount").isEqualTo(EPERM);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void allowsTheSameCallsWithoutANamespace(Way way) {
        assertThat(way.call(way.newTask(), THREAD).under(NAMESPACES)).isEqualTo(ALLOWED);
        assertThat(way.call(way.newTask(), SIGCHLD).under(NAMESPACES)).isEqualTo(ALLOWED);
        assertThat(way.call(way.newTask(), 0x4100 | SIGCHLD).under(NAMESPACES)).as("vfork").isEqualTo(ALLOWED);
        assertThat(way.call(way.unshare(), 0x600).under(NAMESPACES)).as("files and directories").isEqualTo(ALLOWED);
        assertThat(way.call(428, 0, 0, 1).under(NAMESPACES)).as("open_tree").isEqualTo(ALLOWED);
        assertThat(way.call(432, 0, 1).under(NAMESPACES)).as("fsmount").isEqualTo(ALLOWED);
        assertThat(way.call(way.execve()).under(NAMESPACES)).isEqualTo(ALLOWED);
        assertThat(way.call(way.execveat()).under(NAMESPACES)).isEqualTo(ALLOWED);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void refusesToExecute(Way way) {
        assertThat(way.call(way.execve()).under(EXEC)).isEqualTo(EACCES);
        assertThat(way.call(way.execveat()).under(EXEC)).isEqualTo(EACCES);
        assertThat(way.call(435).under(EXEC)).isEqualTo(ALLOWED);
        assertThat(way.call(way.setns(), 3, 0).under(EXEC)).isEqualTo(ALLOWED);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void judgesNoOtherCall(Way way) {
        for (Denial denial : List.of(NAMESPACES, EXEC, new Denial(true, true))) {
            List<Long> refused = LongStream.range(0, 1024).boxed()
                    .filter(number -> way.call(number, 0, 0, 0).under(denial) != ALLOWED).toList();
            assertThat(refused).isSubsetOf(ways().stream().filter(other -> other.arch() == way.arch())
                    .flatMap(same -> Stream.of(same.setns(), 435, same.execve(), same.execveat())).map(Integer::longValue)
                    .toList());
            assertThat(way.call(-1).under(denial)).isEqualTo(ALLOWED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64", "riscv64"})
    void refusesAnArchitectureThatIsNotKnown(String osArch) {
        assertThat(run(FilterProgram.of(NAMESPACES, osArch), 0x8000_0016L, 1)).isEqualTo(ENOSYS);
    }
}
