package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The library reads of each process and thread what libcap's getpcaps reads. */
class GetpcapsTest {

    private static final int TRIES = 20;

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
        return Optional.of(Caps.process(pid)).filter(process -> ProcessesTest.isLiving(pid)).map(ProcessStatus::sets);
    }

    @Test
    void readsOfEachProcessWhatGetpcapsReads() throws Exception {
        assertThat(compared(ids(Path.of("/proc")), GetpcapsTest::mainThread)).isPositive();
    }

    @Test
    void readsOfEachThreadWhatGetpcapsReads() throws Exception {
        List<Long> threads = ids(Path.of("/proc")).stream()
                .flatMap(pid -> ids(Path.of("/proc/" + pid + "/task")).stream()).toList();

        assertThat(compared(threads, tid -> Optional.of(Caps.thread(tid).sets())))
                .isGreaterThan(10);
    }
}
