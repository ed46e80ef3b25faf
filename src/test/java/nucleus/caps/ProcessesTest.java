package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** {@link Caps#processes()} and {@link Caps#process}: processes start and end meanwhile. */
class ProcessesTest {

    private static final int LISTINGS = 20;

    /** Hundredths of a second. */
    private static final int PATIENCE = 6000;

    /** A main thread may have ended before the others: then one of those stands for the process. */
    static boolean isLiving(long tid) {
        try {
            return !Files.readString(Path.of("/proc/" + tid + "/status")).matches("(?s).*\nState:\t[ZX].*");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void thisProcessIsWhatItSaysItIs() {
        ProcessStatus self = Caps.process(ProcessHandle.current().pid());
        ThreadStatus main = Caps.thread(self.pid());

        assertThat(self).isEqualTo(new ProcessStatus(main.tid(),
                (int) ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L).longValue(), main, false,
                List.of()));
        assertThat(self.name()).isEqualTo(main.name());
        assertThat(self.uid()).isEqualTo(main.uids().effective());
        assertThat(self.sets()).isEqualTo(main.sets());
        assertThat(self.iab(Caps.supported())).isEqualTo(Iab.of(main.sets(), Caps.supported()));
    }

    @Test
    void listsAllByAscendingId() {
        List<ProcessStatus> listed = Caps.processes().toList();
        ProcessStatus self = Caps.process(ProcessHandle.current().pid());

        assertThat(listed).extracting(ProcessStatus::pid).isSorted().doesNotHaveDuplicates();
        assertThat(listed).contains(self);
        assertThat(self.holdsCapabilities())
                .isEqualTo(!Caps.thread().sets().with(SetKind.BOUNDING, CapabilitySet.NONE).isEmpty());
    }

    @Test
    void boundingSetAloneIsNotHeld() {
        CapabilitySets bounded = CapabilitySets.NONE.with(SetKind.BOUNDING, CapabilitySet.ALL);
        for (SetKind kind : SetKind.values()) {
            CapabilitySets sets = bounded.with(kind, CapabilitySet.ofNumber(63));
            ThreadStatus thread = new ThreadStatus(2, "", new Credentials(sets, Credentials.Ids.all(0),
                    Credentials.Ids.all(0), List.of(), false, Optional.empty()));

            assertThat(new ProcessStatus(1, 0, thread, false, List.of()).holdsCapabilities())
                    .isEqualTo(kind != SetKind.BOUNDING);
            assertThat(new ProcessStatus(1, 0, thread.with(thread.credentials().with(bounded)), false, List.of(thread))
                    .holdsCapabilities())
                    .isEqualTo(kind != SetKind.BOUNDING);
        }
    }

    @Test
    void refusesAnIdThatIsNoProcess() {
        assertThatThrownBy(() -> Caps.process(0)).isInstanceOf(CapsException.class).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> Caps.process(4294967294L)).isInstanceOf(CapsException.class)
                .hasMessageContaining("ESRCH");
        long another = Caps.threads().getLast().tid();
        assertThatThrownBy(() -> Caps.process(another)).isInstanceOf(CapsException.class)
                .hasMessageContaining("ESRCH: " + another + " is a thread of process " + ProcessHandle.current().pid());
    }

    @Test
    void omitsProcessesThatEndMeanwhile() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "while :; do /bin/true & /bin/true & /bin/true & wait; done")
                .start();
        try {
            for (int i = 0; i < LISTINGS; i++) {
                assertThat(Caps.processes().toList()).doesNotContainNull();
                assertThat(Caps.process(shell.pid())).isNotNull();
            }
        } finally {
            shell.destroyForcibly().waitFor();
        }
    }

    /** The child of one that has become sleep, which reaps none. */
    @Test
    void omitsAZombie() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 601").start();
        try {
            long child = Long.parseLong(parent.inputReader().readLine());
            await(() -> Caps.process(parent.pid()).name().equals("sleep"));
            assertThat(Caps.process(child).pid()).isEqualTo((int) child);
            ProcessHandle.of(child).orElseThrow().destroyForcibly();
            await(() -> !isLiving(child));

            assertThat(Path.of("/proc/" + child + "/status")).exists();
            isNotThere(() -> Caps.process(child), "process " + child + " has ended");
            isNotThere(() -> Caps.threads(child), "process " + child + " has ended");
            isNotThere(() -> Caps.thread(child), "thread " + child + " has ended");
            assertThat(Caps.processes()).noneMatch(process -> process.pid() == child);
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    private static void isNotThere(ThrowingCallable reader, String why) {
        CapsException thrown = catchThrowableOfType(CapsException.class, reader);
        assertThat(thrown).isNotNull();
        assertThat(thrown.errnoName()).isEqualTo("ESRCH");
        assertThat(thrown.rule()).isEqualTo(why);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < PATIENCE && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
