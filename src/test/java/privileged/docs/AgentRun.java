package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import privileged.harness.CapMasks;
import privileged.harness.Modules;
import privileged.harness.OutsideStatus;
import privileged.harness.ProcTasks;

/** How a program is started with the agent, and what its threads hold then. */
final class AgentRun {

    static final String NOBODY_ON_PORTS = "user=65534:65534,keep=net_bind_service";
    static final String DROPPED = "nucleus\\.caps: info: dropped [0-9]+ threads from uid 0, gid 0, groups .* to uid"
            + " 65534, gid 65534, groups \\[]; kept cap_net_bind_service; no_new_privs set; [0-9]+ ms";
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(50);

    /** Says that it runs, listens on a port when it is told to, and returns each other line. */
    static final class Program {
        private Program() {
        }

        public static void main(String[] args) throws IOException {
            System.out.println("main");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            List<ServerSocket> open = new ArrayList<>();
            for (String line; (line = in.readLine()) != null;) {
                if (line.startsWith("listen ")) {
                    open.add(new ServerSocket(Integer.parseInt(line.substring("listen ".length()))));
                }
                System.out.println(line);
            }
        }
    }

    private AgentRun() {
    }

    /** With a directory for temporary files of its own: a young directory of another test in /tmp gives advice. */
    static List<String> java(String options, String... rest) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + Modules.directory("rwxrwxrwx"), agent(options)));
        command.addAll(Arrays.asList(rest));
        return command;
    }

    static List<String> program(String options) {
        return java(options, "-cp", Modules.readable().resolve("test-classes").toString(), Program.class.getName());
    }

    static String agent(String options) {
        return "-javaagent:" + Consumer.at("agent/target/lib/nucleus-caps.jar") + options;
    }

    static OutsideStatus dropped() {
        return OutsideStatus.mine().as(NOBODY, NOBODY).withNoNewPrivs().holdingOnly(CapMasks.NET_BIND_SERVICE);
    }

    static void everyThread(ConsumerProcess program, OutsideStatus expected) throws IOException {
        List<Path> threads = ProcTasks.of(program.worker().pid());
        assertThat(threads).hasSizeGreaterThan(5);
        for (Path thread : threads) {
            OutsideStatus.ofLiving(thread)
                    .ifPresent(seen -> assertThat(seen).as("%s (%s)", thread, ProcTasks.name(thread)).isEqualTo(expected));
        }
    }

    static boolean hasDropped(ConsumerProcess program) throws IOException {
        return program.errors().stream().anyMatch(line -> line.matches(DROPPED));
    }

    static void awaitDrop(ConsumerProcess program) throws Exception {
        for (long start = System.nanoTime(); !hasDropped(program); Thread.sleep(10)) {
            assertThat(System.nanoTime() - start).as("%s", program.errors()).isLessThan(PATIENCE);
        }
    }
}
