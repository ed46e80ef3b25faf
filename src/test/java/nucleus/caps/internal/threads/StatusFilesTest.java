package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ChildJvm.that;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;

/** The status files of all threads. */
class StatusFilesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AllThreads all = AllThreads.prepare();

    @Test
    void areThoseOfEveryThread() {
        try (IdleThread witness = new IdleThread("a witness")) {
            Map<Integer, String> files = all.statusFiles(PATIENCE);

            assertThat(files).containsKeys(Raw.gettid(), Raw.getpid(), witness.tid());
            assertThat(files).allSatisfy((id, text) -> assertThat(text).contains("\nPid:\t" + id + "\n"));
            assertThat(files.get(witness.tid())).startsWith("Name:\ta witness\n");
        }
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

    static final class Lineage implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) {
            ShortLived.begin();
            for (int i = 0; i < 200; i++) {
                that(all.statusFiles(PATIENCE).values().stream()
                        .anyMatch(text -> text.startsWith("Name:\t" + ShortLived.NAME + "\n")), i);
            }
        }
    }
}
