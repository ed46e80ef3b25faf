package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ChildJvm.that;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The status files of all threads. */
class StatusFilesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AllThreads all = AllThreads.prepare();

    @Test
    void areThoseOfEveryThread() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        int[] tid = new int[1];
        CountDownLatch known = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name("a witness").start(() -> {
            tid[0] = Raw.gettid();
            known.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        known.await();

        Map<Integer, String> files = all.statusFiles(PATIENCE);

        end.countDown();
        thread.join();
        assertThat(files).containsKeys(Raw.gettid(), Raw.getpid(), tid[0]);
        assertThat(files).allSatisfy((id, text) -> assertThat(text).contains("\nPid:\t" + id + "\n"));
        assertThat(files.get(tid[0])).startsWith("Name:\ta witness\n");
    }

    @Test
    void areThoseOfTheAnswersWhoseThreadsLive() {
        Answer mine = new Answer(Raw.gettid(), 1, Answer.NONE, 0, new long[0], new byte[0]);
        Answer gone = new Answer(1 << 22, 2, Answer.NONE, 0, new long[0], new byte[0]);

        assertThat(all.statusFiles(List.of(mine, gone))).containsOnlyKeys(Raw.gettid());
    }

    /** The second listing shows nobody new, but has passed a thread that it did not name. */
    @Test
    void areNotCompleteBeforeACleanListing() {
        ScriptedMachine machine = new ScriptedMachine();
        AllThreads scripted = new AllThreads(machine);
        AtomicInteger calls = new AtomicInteger();
        for (int listing = 1; listing <= 3; listing++) {
            int unnamed = listing == 2 ? 1 : 0;
            machine.then(Syscall.LSEEK, arguments -> Raw.call(Syscall.LSEEK.number(), arguments))
                    .then(Syscall.LSEEK, arguments -> {
                        calls.incrementAndGet();
                        return Raw.call(Syscall.LSEEK.number(), arguments) + unnamed;
                    });
        }

        assertThat(scripted.statusFiles(PATIENCE)).containsKey(Raw.gettid());

        assertThat(calls).as("listings").hasValue(3);
    }

    @Test
    void missNobodyInALineage() {
        ChildJvm.run(Lineage.class);
    }

    /** Each thread creates the next and ends: one of them lives at any time. */
    static final class Lineage implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) {
            next();
            while (!Raw.names().containsValue("lineage")) {
                Thread.onSpinWait(); // a thread gives itself its name; its child begins with that
            }
            for (int i = 0; i < 200; i++) {
                that(all.statusFiles(PATIENCE).values().stream().anyMatch(text -> text.startsWith("Name:\tlineage\n")), i);
            }
        }

        private static void next() {
            Thread.ofPlatform().name("lineage").daemon().start(() -> {
                try {
                    Thread.sleep(1);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                next();
            });
        }
    }
}
