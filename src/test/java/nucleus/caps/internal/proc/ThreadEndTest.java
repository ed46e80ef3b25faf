package nucleus.caps.internal.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A wait for the end of a thread says whether the thread is gone. */
class ThreadEndTest {

    private static final Duration PATIENCE = Duration.ofMillis(20);

    @Test
    void aThreadThatLivesIsNotGone() {
        assertThat(ThreadEnd.awaitGone(Proc.callingThread().tid(), PATIENCE)).isFalse();
    }

    @Test
    void aThreadThatEndedIsGone() throws InterruptedException {
        AtomicInteger tid = new AtomicInteger();
        Thread.ofPlatform().start(() -> tid.set(Proc.callingThread().tid())).join();
        assertThat(tid).hasPositiveValue();
        assertThat(ThreadEnd.awaitGone(tid.get())).isTrue();
    }

    @Test
    void aThreadThatNeverBeganIsGone() {
        assertThat(ThreadEnd.awaitGone(0, PATIENCE)).isTrue();
    }

    @Test
    void anInterruptIsKept() {
        Thread.currentThread().interrupt();
        assertThat(ThreadEnd.awaitGone(Proc.callingThread().tid(), PATIENCE)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }
}
