package bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.Call;
import nucleus.caps.internal.threads.Outcome;

/**
 * One whole drop of all sets on a JVM with many threads, by one way; prints how many microseconds it took. It cannot be
 * undone, so each needs a fresh JVM. Everything is linked and loaded before; that is part of the cold start.
 */
final class ManyThreads {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private ManyThreads() {
    }

    @FunctionalInterface
    private interface Way {
        void drop() throws Throwable;
    }

    public static void main(String[] args) throws Throwable {
        Threads.Sets now = Threads.ofCaller();
        Way way = switch (args[0]) {
            case "library" -> library();
            case "rounds" -> rounds(List.of(Syscalls.first(now), Syscalls.second()));
            case "each" -> rounds(all(now).map(List::of).toList());
            case "psx" -> psx(Path.of(args[2]), all(now).toList());
            default -> throw new IllegalArgumentException(args[0]);
        };
        Threads.grow(Integer.parseInt(args[1]));
        long began = System.nanoTime();
        way.drop();
        long nanos = System.nanoTime() - began;
        Threads.requireDropped();
        System.out.println(args[0] + " " + nanos / 1_000);
    }

    private static Stream<long[]> all(Threads.Sets now) {
        return Stream.concat(Syscalls.first(now).stream(), Syscalls.second().stream());
    }

    /** All that the library does: it looks at every thread before and after, too. */
    private static Way library() {
        Phase.Initial initial = Caps.begin(Scope.PROCESS);
        return initial::dropAll;
    }

    /** The mechanism alone. */
    private static Way rounds(List<List<long[]>> programs) {
        AllThreads threads = AllThreads.prepare();
        List<List<Call>> rounds = programs.stream().map(ManyThreads::program).toList();
        return () -> rounds.forEach(round -> run(threads, round));
    }

    static List<Call> program(List<long[]> calls) {
        return calls.stream().map(call -> Call.of(call[0], Arrays.copyOfRange(call, 1, call.length))).toList();
    }

    static void run(AllThreads threads, List<Call> program) {
        Outcome outcome = threads.run(program, DEADLINE);
        if (!outcome.complete() || !outcome.failures().isEmpty()) {
            throw new IllegalStateException(outcome.toString());
        }
    }

    private static Way psx(Path library, List<long[]> calls) throws Throwable {
        MethodHandle psx = Linker.nativeLinker().downcallHandle(
                SymbolLookup.libraryLookup(library, Arena.global()).find("psx_syscall6").orElseThrow(),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG));
        psx(psx, Syscalls.sameUid());
        return () -> {
            for (long[] call : calls) {
                psx(psx, call);
            }
        };
    }

    private static void psx(MethodHandle psx, long[] c) throws Throwable {
        long result = (long) psx.invokeExact(c[0], c[1], c[2], c[3], c[4], c[5], c[6]);
        if (result != 0) {
            throw new IllegalStateException("psx_syscall6" + Arrays.toString(c) + " gave " + result);
        }
    }
}
