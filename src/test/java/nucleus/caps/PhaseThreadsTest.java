package nucleus.caps;

import static nucleus.caps.InitialStep.begin;
import static nucleus.caps.InitialStep.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import nucleus.caps.internal.plan.FakeKernel;
import nucleus.caps.internal.session.OwnerThread;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may call, and who waits. */
@Timeout(60)
class PhaseThreadsTest {

    private final FakeKernel kernel = FakeKernel.root();

    private Phase.Initial beginConfined() {
        return Phases.begin(kernel, Scope.THREAD, OwnerThread.toCallingThread(), Options.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource
    void aPhaseOfAThreadIsForThatThreadAlone(InitialStep step) throws Exception {
        Phase.Initial initial = beginConfined();

        assertRefusedElsewhere(() -> step.from(initial));
        assertThat(kernel.trace()).isEmpty();

        Phase next = step.from(initial);
        assertRefusedElsewhere(() -> step.from(initial));
        assertThat(step.from(initial)).isSameAs(next);
    }

    @Test
    void soAreTheLaterPhases() throws Exception {
        Phase.BoundingDropped bounded = beginConfined().dropBoundingSet();
        assertRefusedElsewhere(bounded::finalizeDrop);
        assertRefusedElsewhere(() -> bounded.switchIdentity(identity()));

        Phase.IdentitySwitched switched = bounded.switchIdentity(identity());
        assertRefusedElsewhere(switched::finalizeDrop);
        assertThat(switched.finalizeDrop().identity()).isEqualTo(identity());
    }

    static Stream<Named<Consumer<ThreadCaps>>> usesOfAHandle() {
        return Stream.of(
                Named.of("read", ThreadCaps::read),
                Named.of("read one", caps -> caps.read(SetKind.AMBIENT)),
                Named.of("has", caps -> caps.has(SetKind.EFFECTIVE, Capability.CAP_KILL)),
                Named.of("set", caps -> caps.set(SetKind.EFFECTIVE, CapabilitySet.NONE)),
                Named.of("raise", caps -> caps.raise(SetKind.INHERITABLE, Capability.CAP_KILL)),
                Named.of("lower", caps -> caps.lower(SetKind.BOUNDING, Capability.CAP_KILL)),
                Named.of("securebits", ThreadCaps::secureBits),
                Named.of("set securebits", caps -> caps.set(SecureBits.LOCKED_DOWN)),
                Named.of("mode", ThreadCaps::mode),
                Named.of("enter", caps -> caps.enter(Mode.PURE1E)),
                Named.of("iab", ThreadCaps::iab),
                Named.of("apply", caps -> caps.apply(Iab.parse("^cap_kill"))),
                Named.of("no_new_privs", ThreadCaps::setNoNewPrivs),
                Named.of("clear", caps -> caps.clear(SetKind.PERMITTED)));
    }

    @ParameterizedTest
    @MethodSource("usesOfAHandle")
    void aHandleIsForItsThreadAlone(Consumer<ThreadCaps> use) throws Exception {
        ThreadCaps handle = new ThreadCaps(kernel, OwnerThread.toCallingThread());

        assertRefusedElsewhere(() -> use.accept(handle));
        assertThat(kernel.trace()).isEmpty();
        assertThatCode(() -> use.accept(handle)).doesNotThrowAnyException();
    }

    private static void assertRefusedElsewhere(Runnable use) throws Exception {
        String owner = Thread.currentThread().getName();
        assertThatThrownBy(() -> on(Thread.ofPlatform().name("stranger"), use))
                .hasRootCauseInstanceOf(WrongThreadException.class)
                .hasRootCauseMessage("this object belongs to thread \"" + owner
                        + "\"; it cannot be used by thread \"stranger\"");
        assertThatThrownBy(() -> on(Thread.ofVirtual(), use)).hasRootCauseInstanceOf(WrongThreadException.class);
    }

    static Stream<Named<Runnable>> beginnings() {
        return Stream.of(Named.of("a phase", () -> Caps.begin(Scope.THREAD)),
                Named.of("a handle", Caps::thisThread), Named.of("confinement", OwnerThread::toCallingThread));
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void refusesAVirtualThread(Runnable beginning) {
        assertThatThrownBy(() -> on(Thread.ofVirtual(), beginning)).hasRootCauseInstanceOf(WrongThreadException.class)
                .hasStackTraceContaining("a virtual thread has no capabilities of its own; the change would apply to its"
                        + " carrier");
    }

    private static void on(Thread.Builder builder, Runnable task) throws Exception {
        FutureTask<Void> result = new FutureTask<>(task, null);
        builder.start(result).join();
        result.get();
    }

    @Test
    void aConcurrentChainWaits() throws Exception {
        assertWaits(begin(kernel)::dropAll);
    }

    @Test
    void aConcurrentHandleWaits() throws Exception {
        assertWaits(() -> new ThreadCaps(kernel, OwnerThread.NONE).clear(SetKind.BOUNDING));
    }

    /** Holds a chain of another kernel within a call, and looks whether the change comes through meanwhile. */
    private void assertWaits(Runnable change) throws Exception {
        CountDownLatch inACall = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeKernel slow = FakeKernel.root();
        slow.beforeEachCall(() -> {
            inACall.countDown();
            await(goOn);
        });
        Phase.Initial other = begin(slow);
        Thread first = Thread.ofPlatform().start(other::dropAll);
        await(inACall);
        Thread second = Thread.ofPlatform().start(change);
        try {
            while (second.getState() != Thread.State.BLOCKED && second.isAlive()) {
                Thread.sleep(1);
            }
            assertThat(kernel.trace()).isEmpty();
        } finally {
            goOn.countDown();
            first.join();
            second.join();
        }
        assertThat(kernel.status().sets().bounding()).isEqualTo(CapabilitySet.NONE);
        assertThat(slow.status().sets()).isEqualTo(CapabilitySets.NONE);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
