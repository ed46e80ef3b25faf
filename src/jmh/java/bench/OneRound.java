package bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.Call;

/**
 * One round over many threads against glibc's own way to make one call on all of them, taken in turns in one JVM. What
 * is called changes nothing, so it can be repeated. Prints the medians in microseconds.
 */
final class OneRound {

    private static final int WARM_UP = 60;
    private static final int MEASURED = 41;
    private static final int WAYS = 3;

    private final AllThreads threads = AllThreads.prepare();
    private final MethodHandle setresuid;
    private final List<Call> one = ManyThreads.program(List.of(Syscalls.sameUid()));
    private final List<Call> many;

    private OneRound() throws Exception {
        Linker linker = Linker.nativeLinker();
        setresuid = linker.downcallHandle(linker.defaultLookup().find("setresuid").orElseThrow(),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        many = ManyThreads.program(Syscalls.harmless(Threads.ofCaller()));
    }

    public static void main(String[] args) throws Throwable {
        OneRound rounds = new OneRound();
        Threads.grow(Integer.parseInt(args[0]));
        for (int i = 0; i < WARM_UP; i++) {
            rounds.turn();
        }
        long[][] taken = new long[WAYS][MEASURED];
        for (int i = 0; i < MEASURED; i++) {
            long[] turn = rounds.turn();
            for (int way = 0; way < WAYS; way++) {
                taken[way][i] = turn[way];
            }
        }
        System.out.println("setxid " + median(taken[0]));
        System.out.println("one " + median(taken[1]));
        System.out.println("many " + median(taken[2]));
    }

    private long[] turn() throws Throwable {
        long[] at = new long[WAYS + 1];
        at[0] = System.nanoTime();
        if ((int) setresuid.invokeExact(-1, -1, -1) != 0) {
            throw new IllegalStateException("setresuid() failed");
        }
        at[1] = System.nanoTime();
        ManyThreads.run(threads, one);
        at[2] = System.nanoTime();
        ManyThreads.run(threads, many);
        at[3] = System.nanoTime();
        return new long[] {at[1] - at[0], at[2] - at[1], at[3] - at[2]};
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1_000;
    }
}
