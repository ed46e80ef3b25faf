package bench;

import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;

/**
 * One drop from root to an unprivileged identity on a JVM with many threads. Prints the way and the microseconds.
 *
 * <p>A drop cannot be undone, so each measurement needs a fresh JVM. What a way loads and links beforehand is not
 * measured.
 */
final class ManyThreads {

    private ManyThreads() {
    }

    @FunctionalInterface
    private interface Way {
        void drop() throws Throwable;
    }

    /** Arguments: the way, the number of threads, and for the way "psx" the file of libpsx. */
    public static void main(String[] args) throws Throwable {
        Way way = switch (args[0]) {
            case "library" -> library();
            case "psx" -> psx(Path.of(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        };
        Threads.grow(Integer.parseInt(args[1]));
        long began = System.nanoTime();
        way.drop();
        long nanos = System.nanoTime() - began;
        Threads.requireDropped(Drop.NOBODY);
        System.out.println(args[0] + " " + nanos / 1_000);
    }

    /** Includes the verification of every thread. */
    private static Way library() {
        Identity nobody = Identity.of(Drop.NOBODY, Drop.NOBODY);
        Phase.Initial initial = Caps.begin(Scope.PROCESS);
        return () -> initial.drop(nobody);
    }

    /** The system calls alone: libpsx verifies nothing. */
    private static Way psx(Path library) throws Throwable {
        List<long[]> calls = Syscalls.drop(Threads.ofCaller(), Drop.NOBODY);
        Psx psx = new Psx(library);
        return () -> psx.run(calls);
    }
}
