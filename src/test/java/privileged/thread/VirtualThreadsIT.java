package privileged.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import nucleus.caps.Capability;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.CapMasks;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Syscalls;

/** What a virtual thread changes, it changes on its carrier, for whoever comes there next. The library does not. */
@Privileged
class VirtualThreadsIT {

    private static final int MANY = 100;

    /** How many of many virtual threads hold nothing. */
    private static int withNothing() throws InterruptedException {
        AtomicInteger found = new AtomicInteger();
        for (int i = 0; i < MANY; i++) {
            Thread.ofVirtual().start(() -> {
                if (holdsNothing()) {
                    found.incrementAndGet();
                }
            }).join();
        }
        return found.get();
    }

    /** Whether the carrier of the calling thread has nothing effective. */
    private static boolean holdsNothing() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/status")).contains("CapEff:\t" + CapMasks.hex(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void onVirtualThread(Checkpoints.Action action) throws InterruptedException {
        Thread.ofVirtual().start(() -> {
            try {
                action.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }).join();
    }

    private static ChildCommand withOneCarrier(Class<? extends ChildScenario> scenario) {
        return ObservedChild.of(scenario).option("-Djdk.virtualThreadScheduler.parallelism=1")
                .option("-Djdk.virtualThreadScheduler.maxPoolSize=1");
    }

    static final class Poisons implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            points.say(withNothing());
            onVirtualThread(Syscalls::capsetNothing);
            points.say(withNothing());
            onVirtualThread(() -> points.at("on the carrier"));
        }
    }

    @Test
    void aCapsetOfItsOwnStaysWithItsCarrier() {
        try (ObservedChild child = withOneCarrier(Poisons.class).start()) {
            assertThat(child.said()).isEqualTo("0");
            assertThat(child.said()).isEqualTo(Integer.toString(MANY));
            assertThat(child.at("on the carrier")).isEqualTo(child.start().withPermitted(0).withEffective(0));
        }
    }

    /** Whatever of the library changes one thread is tried; then what changes all of them. */
    static final class Tries implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            var ofAnother = Caps.begin(Scope.THREAD);
            var setsOfAnother = Caps.thisThread();
            onVirtualThread(() -> points.threw(() -> Caps.begin(Scope.THREAD).dropAll()));
            onVirtualThread(() -> points.threw(() -> Caps.thisThread().clear(SetKind.EFFECTIVE)));
            onVirtualThread(() -> points.threw(ofAnother::dropAll));
            onVirtualThread(() -> points.threw(() -> setsOfAnother.lower(SetKind.EFFECTIVE, Capability.CAP_CHOWN)));
            onVirtualThread(() -> points.threw(Caps::thread));
            points.say(withNothing());
            onVirtualThread(() -> points.at("on the carrier"));
            onVirtualThread(() -> Caps.begin(Scope.PROCESS).drop(Identity.of(NOBODY, NOBODY)));
            onVirtualThread(() -> points.at("dropped"));
            points.say(withNothing());
        }
    }

    @Test
    void theLibraryChangesNoCarrierAlone() {
        try (ObservedChild child = withOneCarrier(Tries.class).start().together()) {
            for (int i = 0; i < 5; i++) {
                assertThat(child.threw().type()).isEqualTo("WrongThreadException");
            }
            assertThat(child.said()).isEqualTo("0");
            assertThat(child.at("on the carrier")).isEqualTo(child.start());
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
            assertThat(child.said()).isEqualTo(Integer.toString(MANY));
        }
    }
}
