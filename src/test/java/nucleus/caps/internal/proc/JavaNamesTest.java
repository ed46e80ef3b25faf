package nucleus.caps.internal.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;

/** The Java names of the kernel's threads: known once a thread has called, and never wrong. */
class JavaNamesTest {

    /** More than any thread's id can be. */
    private static final int NOBODY = 1 << 22;

    private static ThreadStatus status(int tid) {
        return new ThreadStatus(tid, "comm", new Credentials(CapabilitySets.NONE, Ids.all(1), Ids.all(1), List.of(), true,
                Optional.empty()));
    }

    private static Optional<String> nameOf(int tid) {
        return JavaNames.named(List.of(status(tid))).getFirst().javaName();
    }

    private static Thread noteAndEnd(int tid) throws InterruptedException {
        Thread thread = Thread.ofPlatform().name("gone").start(() -> JavaNames.noted(status(tid)));
        thread.join();
        return thread;
    }

    @Test
    void knowsNoNameOfAThreadThatHasNotCalled() {
        assertThat(nameOf(NOBODY + 1)).isEmpty();
    }

    @Test
    void knowsTheCurrentNameOfACaller() {
        Thread self = Thread.currentThread();
        String before = self.getName();
        assertThat(JavaNames.noted(status(NOBODY + 2))).isEqualTo(status(NOBODY + 2));
        try {
            self.setName("renamed");
            assertThat(JavaNames.named(List.of(status(NOBODY + 2), status(NOBODY + 3)))).containsExactly(
                    status(NOBODY + 2).withJavaName("renamed"), status(NOBODY + 3));
        } finally {
            self.setName(before);
        }
    }

    @Test
    void forgetsAThreadThatHasEnded() throws InterruptedException {
        noteAndEnd(NOBODY + 4);
        int known = JavaNames.known();
        assertThat(nameOf(NOBODY + 4)).isEmpty();
        assertThat(JavaNames.known()).isEqualTo(known - 1);
    }

    @Test
    void replacesAThreadWhoseIdIsRecycled() throws InterruptedException {
        noteAndEnd(NOBODY + 5);
        JavaNames.noted(status(NOBODY + 5));
        assertThat(nameOf(NOBODY + 5)).hasValue(Thread.currentThread().getName());
    }

    /** It would give its name to its carrier. */
    @Test
    void notesNoVirtualThread() throws InterruptedException {
        CountDownLatch noted = new CountDownLatch(1);
        CountDownLatch named = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            JavaNames.noted(status(NOBODY + 6));
            noted.countDown();
            try {
                named.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        noted.await();
        assertThat(nameOf(NOBODY + 6)).isEmpty();
        named.countDown();
        thread.join();
    }

    @Test
    void forgetsACollectedThreadUnasked() throws InterruptedException {
        int many = 50;
        List<Thread> ended = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            ended.add(noteAndEnd(NOBODY + 100 + i));
        }
        assertThat(JavaNames.known()).isGreaterThanOrEqualTo(many);
        ended.clear();
        for (int i = 0; i < 300 && JavaNames.known() >= many; i++) {
            System.gc();
            Thread.sleep(50);
            noteAndEnd(NOBODY + 7);
        }
        assertThat(JavaNames.known()).isLessThan(many);
    }

    @Test
    void notesEveryWayToReadOrChangeAThread() throws InterruptedException {
        for (Runnable call : List.<Runnable>of(() -> Caps.thread(), Caps::thisThread, () -> Caps.threads(),
                () -> Caps.begin(Scope.THREAD), () -> Caps.begin(Scope.PROCESS))) {
            CountDownLatch called = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = Thread.ofPlatform().name("a caller with a long name").start(() -> {
                try {
                    call.run();
                    called.countDown();
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(called.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Caps.threads()).filteredOn(status -> status.javaName().equals(Optional.of(thread.getName())))
                    .singleElement().extracting(ThreadStatus::name).isEqualTo("a caller with a");
            end.countDown();
            thread.join();
        }
    }
}
