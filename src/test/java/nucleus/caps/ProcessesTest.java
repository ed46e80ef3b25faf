package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        return Caps.process(pid).filter(process -> isLiving(pid)).map(ProcessStatus::sets);
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

        assertThat(compared(threads, tid -> Optional.of(Caps.ofThread(tid)).filter(sets -> isLiving(tid))))
                .isGreaterThan(10);
    }

    @Test
    void thisProcessIsWhatItSaysItIs() {
        ProcessStatus self = Caps.process(ProcessHandle.current().pid()).orElseThrow();
        ThreadStatus main = Caps.statusOfProcess(self.pid());

        assertThat(self).isEqualTo(new ProcessStatus(main.tid(),
                (int) ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L).longValue(),
                main.uids().effective(), main.name(), main.sets(), false, List.of()));
    }

    @Test
    void thoseThatHoldSomethingAreListedInOrder() {
        List<ProcessStatus> listed = Caps.processes().toList();

        assertThat(listed).allMatch(ProcessStatus::holdsCapabilities).extracting(ProcessStatus::pid).isSorted()
                .doesNotHaveDuplicates();
        assertThat(listed.stream().anyMatch(process -> process.pid() == ProcessHandle.current().pid()))
                .isEqualTo(!Caps.current().with(SetKind.BOUNDING, CapabilitySet.NONE).isEmpty());
    }

    @Test
    void aSetOfAnyThreadButTheBoundingSetIsHeld() {
        CapabilitySets bounded = CapabilitySets.NONE.with(SetKind.BOUNDING, CapabilitySet.ALL);
        for (SetKind kind : SetKind.values()) {
            CapabilitySets sets = bounded.with(kind, CapabilitySet.ofNumber(63));
            ThreadStatus thread = new ThreadStatus(2, "", new Credentials(sets, Credentials.Ids.all(0),
                    Credentials.Ids.all(0), List.of(), false, Optional.empty()));

            assertThat(new ProcessStatus(1, 0, 0, "", sets, false, List.of()).holdsCapabilities())
                    .isEqualTo(kind != SetKind.BOUNDING);
            assertThat(new ProcessStatus(1, 0, 0, "", bounded, false, List.of(thread)).holdsCapabilities())
                    .isEqualTo(kind != SetKind.BOUNDING);
        }
    }

    @Test
    void whatIsNoProcessIsRefused() {
        assertThatThrownBy(() -> Caps.process(0)).isInstanceOf(CapsException.class).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> Caps.process(4294967294L)).isInstanceOf(CapsException.class)
                .hasMessageContaining("ESRCH");
    }

    @Test
    void processesThatEndMeanwhileAreNoError() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "while :; do /bin/true & /bin/true & /bin/true & wait; done")
                .start();
        try {
            for (int i = 0; i < LISTINGS; i++) {
                assertThat(Caps.processes().toList()).doesNotContainNull();
                assertThat(Caps.process(shell.pid())).isPresent();
            }
        } finally {
            shell.destroyForcibly().waitFor();
        }
    }

    /** The child of one that has become sleep, which reaps none. */
    @Test
    void oneThatIsNotReapedHoldsNothing() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 601").start();
        try {
            long child = Long.parseLong(parent.inputReader().readLine());
            await(() -> Caps.statusOfProcess(parent.pid()).name().equals("sleep"));
            assertThat(Caps.process(child)).isPresent();
            ProcessHandle.of(child).orElseThrow().destroyForcibly();
            await(() -> !isLiving(child));

            assertThat(Path.of("/proc/" + child + "/status")).exists();
            assertThat(Caps.process(child)).isEmpty();
            assertThat(Caps.processes()).noneMatch(process -> process.pid() == child);
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < PATIENCE && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
