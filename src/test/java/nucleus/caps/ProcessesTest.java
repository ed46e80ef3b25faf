package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is listed is what is there, as libcap's getpcaps tells it too. */
class ProcessesTest {

    private static final int TRIES = 20;
    private static final int LISTINGS = 20;

    /** Hundredths of a second. */
    private static final int PATIENCE = 6000;

    private static List<Long> ids(Path directory) {
        String[] names = directory.toFile().list();
        return Stream.of(names == null ? new String[0] : names).filter(name -> name.matches("[0-9]+"))
                .map(Long::valueOf).toList();
    }

    /** {@return what getpcaps says of those that are there, by their ids} */
    private static TreeMap<Long, String> getpcaps(List<Long> ids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/sbin/getpcaps"));
        ids.forEach(id -> command.add(id.toString()));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        TreeMap<Long, String> said = new TreeMap<>();
        output.lines().map(line -> line.split(": ", 2)).forEach(line -> said.put(Long.valueOf(line[0]), line[1]));
        return said;
    }

    /** Nothing where it has ended. */
    private static Optional<String> ours(LongFunction<Optional<CapabilitySets>> reader, long id) {
        try {
            return reader.apply(id).map(sets -> sets.state().toText(Caps.supported()));
        } catch (CapsException e) {
            assertThat(e.errnoName()).isEqualTo("ESRCH");
            return Optional.empty();
        }
    }

    /** What changed or ended between the two readings is read again; in the end nothing may differ. */
    private static int compared(List<Long> ids, LongFunction<Optional<CapabilitySets>> reader) throws Exception {
        TreeMap<Long, String> different = new TreeMap<>();
        int compared = 0;
        for (int i = 0; i < TRIES && (i == 0 || !different.isEmpty()); i++) {
            TreeMap<Long, String> theirs = getpcaps(i == 0 ? ids : List.copyOf(different.keySet()));
            different.clear();
            for (Map.Entry<Long, String> entry : theirs.entrySet()) {
                Optional<String> ours = ours(reader, entry.getKey());
                compared += ours.isPresent() ? 1 : 0;
                if (ours.isPresent() && !ours.get().equals(entry.getValue())) {
                    different.put(entry.getKey(), ours.get() + ", getpcaps: " + entry.getValue());
                }
            }
        }
        assertThat(different).isEmpty();
        return compared;
    }

    private static Optional<CapabilitySets> mainThread(long pid) {
        return Optional.of(Caps.process(pid)).filter(process -> isLiving(pid)).map(ProcessStatus::sets);
    }

    /** A main thread may have ended before the others: then one of those stands for the process. */
    private static boolean isLiving(long tid) {
        try {
            return !Files.readString(Path.of("/proc/" + tid + "/status")).matches("(?s).*\nState:\t[ZX].*");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void everyProcessHoldsWhatGetpcapsSays() throws Exception {
        assertThat(compared(ids(Path.of("/proc")), ProcessesTest::mainThread)).isPositive();
    }

    @Test
    void everyThreadHoldsWhatGetpcapsSays() throws Exception {
        List<Long> threads = ids(Path.of("/proc")).stream()
                .flatMap(pid -> ids(Path.of("/proc/" + pid + "/task")).stream()).toList();

        assertThat(compared(threads, tid -> Optional.of(Caps.thread(tid).sets())))
                .isGreaterThan(10);
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
