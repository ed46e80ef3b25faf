package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static nucleus.caps.internal.threads.ChildJvm.that;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds while threads come and go, the collector stops all of them, and the C library signals them for itself. */
class UnderLoadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final int MARKS = 8;

    private static volatile boolean stop;

    @Test
    void missesNobodyWhileThreadsComeAndGo() {
        ChildJvm.run(Churn.class);
    }

    /** Each round leaves a mark on all threads, which the threads that they create inherit. */
    static final class Churn implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) throws Exception {
            for (int i = 0; i < 3; i++) {
                Thread.ofPlatform().daemon().start(Churn::comeAndGo);
            }
            chain();
            for (int round = 1; round <= 60; round++) {
                int mark = round % MARKS;
                Outcome outcome = all.run(Raw.changing(Raw.mark(mark)), PATIENCE, answer -> true);
                that(outcome.settled(), outcome);
                that(outcome.living().stream().allMatch(answer -> answer.refused() == Answer.NONE), outcome);
                Map<Integer, Integer> marks = Raw.marks();
                that(marks.size() > 5, marks);
                that(marks.values().stream().allMatch(found -> found == mark), mark + ": " + marks + outcome);
            }
        }

        private static void comeAndGo() {
            while (!stop) {
                Thread[] threads = new Thread[8];
                for (int i = 0; i < threads.length; i++) {
                    threads[i] = Thread.ofPlatform().daemon().start(Thread::yield);
                }
                for (Thread thread : threads) {
                    try {
                        thread.join();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }
        }

        /** Each creates the next and ends. */
        private static void chain() {
            if (!stop) {
                Thread.ofPlatform().daemon().start(Churn::chain);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC", "-XX:+UseZGC"})
    void doesNotWaitForTheCollector(String collector) {
        ChildJvm.run(Collecting.class, collector);
    }

    static final class Collecting implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) {
            for (int i = 0; i < 2; i++) {
                Thread.ofPlatform().daemon().start(() -> {
                    byte[][] ring = new byte[1000][];
                    for (int k = 0; !stop; k++) {
                        ring[k % ring.length] = new byte[2000];
                        if (k % 2000 == 0) {
                            System.gc();
                        }
                    }
                });
            }
            for (int round = 0; round < 30; round++) {
                Outcome outcome = all.run(Raw.asking(Raw.GETTID), PATIENCE, answer -> true);
                that(outcome.settled(), outcome);
            }
        }
    }

    @Test
    void leavesTheSignalOfTheCLibraryToIt() {
        ChildJvm.run(Broadcast.class);
    }

    /** setresuid(-1, -1, -1) changes nothing; glibc has every thread do it, and waits for each without end. */
    static final class Broadcast implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) throws Exception {
            Linker linker = Linker.nativeLinker();
            MethodHandle setresuid = linker.downcallHandle(linker.defaultLookup().find("setresuid").orElseThrow(),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
            int[] broadcasts = new int[1];
            Thread other = Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (!stop) {
                        that((int) setresuid.invokeExact(-1, -1, -1) == 0, "setresuid");
                        broadcasts[0]++;
                    }
                } catch (Throwable e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int round = 0; round < 200; round++) {
                Outcome outcome = all.run(Raw.asking(Raw.GETTID), PATIENCE, answer -> true);
                that(outcome.settled(), outcome);
            }
            stop = true;
            other.join(PATIENCE);
            that(!other.isAlive() && broadcasts[0] > 50, broadcasts[0]);
        }
    }
}
