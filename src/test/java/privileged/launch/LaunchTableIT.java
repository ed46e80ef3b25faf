package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nucleus.caps.Mode;
import org.junit.jupiter.api.Test;
import privileged.harness.CSource;
import privileged.harness.CapMasks;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SmallPrograms;
import privileged.harness.TestIds;

/** The launcher against a program in C that does the same to itself, and against the committed table. */
@Privileged
class LaunchTableIT {

    private static final Path BASE = Path.of(System.getProperty("caps.basedir"));
    private static final String TABLE = "src/test/resources/privileged/launch/launched.txt";
    private static final String TITLE =
            "# What a launched program holds, for each wish. LaunchTableIT compares the library and launched.c.";
    private static final List<String> OPEN = List.of("sh", "-ec",
            "exec 3</dev/null 4</dev/null 5</dev/null 9</dev/null; exec \"$@\"", "sh");
    private static final long BIND = CapMasks.NET_BIND_SERVICE;

    /** What is kept. */
    private record Kept(String name, long bounding, long inheritable, long ambient) {
    }

    /** What is forbidden. */
    private record Mode(String name, String secureBits, boolean noNewPrivs, String descriptors) {

        Mode(String name, String secureBits, boolean noNewPrivs) {
            this(name, secureBits, noNewPrivs, "-");
        }
    }

    /** What is asked for. */
    private record Wish(long uid, Kept kept, Mode mode) {

        String name() {
            return "uid " + uid + ", " + kept.name() + ", " + mode.name();
        }

        String toLauncher(Path program) {
            return LaunchWishes.wish(uid + ":" + uid, kept.bounding(), kept.inheritable(), kept.ambient(),
                    mode.secureBits(), mode.noNewPrivs(), mode.descriptors(), program);
        }

        List<String> toLaunched(Path launched, Path program) {
            List<String> command = new ArrayList<>(OPEN);
            command.addAll(List.of(launched.toString(), Long.toString(uid), Long.toString(uid),
                    CapMasks.hex(kept.bounding()), CapMasks.hex(kept.inheritable()), CapMasks.hex(kept.ambient()),
                    mode.secureBits(), mode.noNewPrivs() ? "1" : "0", mode.descriptors(), program.toString()));
            return command;
        }
    }

    private static List<Wish> wishes() {
        List<Wish> wishes = new ArrayList<>();
        for (long uid : new long[] {0, TestIds.NOBODY}) {
            for (Kept kept : List.of(new Kept("no capability", 0, 0, 0), new Kept("one kept", BIND, 0, 0),
                    new Kept("ambient", BIND, BIND, BIND), new Kept("Docker's", CapMasks.DOCKER, 0, 0))) {
                Stream.of(new Mode("plain", "0", false), new Mode("no_new_privs", "0", true),
                        new Mode("noroot locked", "3", false), new Mode("descriptors 3, 4 and 9", "0", true, "3,4,9"))
                        .map(mode -> new Wish(uid, kept, mode))
                        .forEach(wishes::add);
            }
        }
        return wishes;
    }

    @Test
    void agreesWithTheProgramInC() throws IOException {
        SmallPrograms programs = new SmallPrograms();
        Path launched = programs.compiled(CSource.of(LaunchTableIT.class, "launched"), "launched");
        List<Wish> wishes = wishes();
        List<String> rows = new ArrayList<>(List.of(TITLE));
        try (ObservedChild child = ObservedChild.of(LaunchWishes.class,
                wishes.stream().map(wish -> wish.toLauncher(programs.status())).toArray(String[]::new))
                .through(OPEN.toArray(String[]::new)).start()) {
            for (Wish wish : wishes) {
                List<String> planned = List.of(child.said().split("\\|"));
                List<String> printed = List.of(child.said().split("\\|"));
                List<String> inC = Command.lines(wish.toLaunched(launched, programs.status())
                        .toArray(String[]::new)).stream().map(String::stripTrailing).toList();
                assertThat(printed).as(wish.name()).isEqualTo(inC).isEqualTo(planned);
                printed.forEach(line -> rows.add(wish.name() + ": " + line.replace('\t', ' ')));
            }
            assertThat(child.at("launched")).isEqualTo(child.start());
        }
        List<String> committed = Files.readAllLines(BASE.resolve(TABLE));
        Path made = BASE.resolve("target/launched.txt");
        if (!rows.equals(committed)) {
            Files.write(made, rows);
        }
        assertThat(rows).as(TABLE + "; if the change is meant, copy " + made).hasSize(329)
                .isEqualTo(committed);
    }
}
