package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.CapMasks;
import privileged.harness.Modules;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.SameInContainers;
import privileged.harness.TestIds;

/** What is left of root in a JVM that became nobody by other means, and by this library. The table of starting.md says it. */
@Privileged(also = CapMasks.NET_BIND_SERVICE)
@SameInContainers
class ServersStartIT {

    private static final OutsideStatus ROOT = OutsideStatus.mine();

    enum Means {

        SETPRIV("setpriv before java") {
            @Override
            List<String> command() {
                return through(java("nothing"), "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                        "--bounding-set", "-all", "--inh-caps", "-all", "--no-new-privs");
            }
        },

        /** What systemd does for User=, AmbientCapabilities=, CapabilityBoundingSet= and NoNewPrivileges=. */
        AMBIENT("AmbientCapabilities") {
            @Override
            List<String> command() {
                String port = "-all,+net_bind_service";
                return through(java("nothing"), "setpriv", "--reuid", "65534", "--regid", "65534", "--init-groups",
                        "--bounding-set", port, "--inh-caps", port, "--ambient-caps", port, "--no-new-privs");
            }
        },

        JSVC("jsvc") {
            @Override
            List<String> command() {
                return through(List.of("example.starts.Daemon"), "/usr/bin/jsvc", "-nodetach", "-java-home",
                        System.getProperty("java.home"), "-jvm", "server", "-user", "nobody", "-outfile", "/dev/stdout",
                        "-pidfile", Modules.directory("rwx------").resolve("pid").toString(), "-cp",
                        "/usr/share/java/commons-daemon.jar:" + target("classes") + ":" + target("lib/chores.jar"));
            }
        },

        SETUID("jetty-setuid") {
            @Override
            List<String> command() {
                return java("setuid");
            }
        },

        KEPT("this library, dropExcept") {
            @Override
            List<String> command() {
                return java("dropExcept");
            }
        },

        DROPPED("this library, drop") {
            @Override
            List<String> command() {
                return java("drop");
            }
        };

        private final String label;

        Means(String label) {
            this.label = label;
        }

        abstract List<String> command();

        private static List<String> through(List<String> command, String... through) {
            return Stream.concat(Stream.of(through), command.stream()).toList();
        }

        private static List<String> java(String means) {
            return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED", "-Djetty.libsetuid.path=" + target("lib/libsetuid-linux.so"), "-cp",
                    target("classes") + ":" + target("lib/*"), "example.starts.Daemon", means);
        }

        private static String target(String name) {
            return Modules.servers().resolve("starts/target").resolve(name).toString();
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesWhatTheTableSays(Means means) throws Exception {
        try (ConsumerProcess program =
                new ConsumerProcess(Means.through(means.command(), "setpriv", "--groups", "0,4"))) {
            program.until("running");
            ProcessHandle jvm = program.worker();
            List<OutsideStatus> threads = ProcTasks.of(jvm.pid()).stream().map(OutsideStatus::ofLiving)
                    .flatMap(Optional::stream).toList();
            assertThat(threads).hasSizeGreaterThan(5)
                    .allMatch(thread -> thread.uids().equals(ROOT.withUid(TestIds.NOBODY).uids()));
            String row = "| %s | %s | %s | %s | %s | %s | %s | %s |".formatted(means.label, of(threads, OutsideStatus::permitted),
                    of(threads, OutsideStatus::inheritable), of(threads, OutsideStatus::ambient),
                    of(threads, OutsideStatus::bounding), distinct(threads, thread -> thread.noNewPrivs() ? "set" : "not set"),
                    distinct(threads, thread -> thread.groups().toString()), processesOfRoot(jvm));
            jvm.parent().ifPresent(ProcessHandle::destroy); // it ends the JVM, and jsvc removes its files
            program.rest();
            assertThat(Readme.text(Readme.page("starting")).lines()).contains(row);
        }
    }

    private static String of(List<OutsideStatus> threads, Function<OutsideStatus, Long> set) {
        return distinct(threads, thread -> set.apply(thread) == ROOT.bounding() ? "full"
                : new CapabilitySet(set.apply(thread)).toString());
    }

    /** {@return the values that threads have} */
    private static String distinct(List<OutsideStatus> threads, Function<OutsideStatus, String> value) {
        return threads.stream().map(value).distinct().sorted().collect(Collectors.joining(" or "));
    }

    /** Those that started the JVM and still wait for it, up to the one that ends it after a minute. */
    private static String processesOfRoot(ProcessHandle jvm) {
        List<String> names = Stream.iterate(jvm.parent().orElseThrow(), parent -> parent.parent().orElseThrow())
                .map(parent -> ProcTasks.name(Path.of("/proc", Long.toString(parent.pid()))))
                .takeWhile(name -> !name.equals("timeout")).toList();
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
