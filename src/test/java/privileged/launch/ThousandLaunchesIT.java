package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nucleus.caps.CapsException;
import nucleus.caps.Launcher;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.SmallPrograms;

/** Many launches at once: each child is its own, and nothing is left of any. */
@Privileged
@SameInContainers
class ThousandLaunchesIT {

    private static final int THREADS = 8;
    private static final int EACH = 125;
    private static final long BIND = CapMasks.NET_BIND_SERVICE;

    /**
     * Every launch has another uid; every second keeps descriptors, every third holds a capability, and every fifth is refused
     * in the child.
     */
    static final class Launching implements ChildScenario {

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
                launches(threads, args, 1);
                points.at("warm");
                points.say(launches(threads, args, EACH));
                points.at("launched");
            }
        }

        private static int launches(ExecutorService threads, String[] programs, int each) throws Exception {
            List<Future<Integer>> right = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = 20_000 + thread * EACH;
                right.add(threads.submit(() -> launches(first, programs, each)));
            }
            int sum = 0;
            for (Future<Integer> count : right) {
                sum += count.get();
            }
            return sum;
        }

        private static int launches(int first, String[] programs, int count) throws Exception {
            int right = 0;
            for (int uid = first; uid < first + count; uid++) {
                long held = uid % 3 == 0 ? BIND : 0;
                Launcher launcher = LaunchWishes.launcher(LaunchWishes.wish(uid + ":" + uid + ":7", held, held, held, "-", true,
                        uid % 2 == 0 ? "3,7" : "-", uid % 5 == 0 ? programs[1] : programs[0]));
                right += isRight(launcher, uid % 5 == 0) ? 1 : 0;
            }
            return right;
        }

        private static boolean isRight(Launcher launcher, boolean refused) throws Exception {
            try {
                return LaunchWishes.output(launcher.start()).equals(LaunchWishes.lines(launcher.plan())) && !refused;
            } catch (CapsException e) {
                return refused && e.errnoName().equals("EACCES");
            }
        }
    }

    @Test
    void launchesAThousandChildrenAndLeavesNothing() throws IOException, InterruptedException {
        SmallPrograms programs = new SmallPrograms();
        Path forRoot = programs.copy(programs.status(), "forRoot", "0:0", "700");
        try (ObservedChild child = ObservedChild.of(Launching.class, programs.status().toString(), forRoot.toString())
                .after("exec 3</dev/null 7</dev/null").patience(Duration.ofMinutes(5)).start()) {
            assertThat(child.at("warm")).isEqualTo(child.start());
            List<String> before = descriptors(child.process());
            assertThat(child.said()).isEqualTo(Integer.toString(THREADS * EACH));
            assertThat(child.at("launched")).isEqualTo(child.start());
            assertThat(until(() -> children(child.process()), List::isEmpty)).isEmpty();
            assertThat(until(() -> descriptors(child.process()), before::equals)).isEqualTo(before);
        }
    }

    /** What may throw. */
    private interface Look {
        List<String> look() throws IOException;
    }

    /** The JDK reaps a child and closes its pipes a little after it told that the child has ended. */
    private static List<String> until(Look look, Predicate<List<String>> done) throws IOException, InterruptedException {
        List<String> seen = look.look();
        for (int i = 0; i < 3_000 && !done.test(seen); i++) {
            Thread.sleep(10);
            seen = look.look();
        }
        return seen;
    }

    /** Zombies included. */
    private static List<String> children(long pid) {
        return ProcessHandle.of(pid).orElseThrow().children().map(ProcessHandle::toString).toList();
    }

    /** The open ones, by number. */
    private static List<String> descriptors(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.map(descriptor -> descriptor.getFileName().toString()).sorted().toList();
        }
    }
}
