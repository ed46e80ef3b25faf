package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.io.StringWriter;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Smoke;

/** What the command says of a drop is what is to be seen from outside. */
@Privileged
@Smoke
class ToolIT {

    /** Runs the command on this thread, as a user of java.util.spi.ToolProvider does. */
    static final class Command implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            StringWriter out = new StringWriter();
            int exit = ToolProvider.findFirst("caps").orElseThrow()
                    .run(new PrintWriter(out), new PrintWriter(out), args);
            points.at("done");
            points.say(exit + " " + out.toString().replace(System.lineSeparator(), "|"));
        }
    }

    @Test
    void dropEndsWithWhatItPrints() {
        try (ObservedChild child =
                ObservedChild.start(Command.class, "drop", "--uid", "65534", "--gid", "65533", "--scope", "thread")) {
            OutsideStatus after = child.at("done");
            assertThat(after).isEqualTo(child.start().holdingOnly(0).as(65534, 65533).withNoNewPrivs());
            assertThat(child.said()).startsWith("0 == before|thread ").endsWith("== dropped and verified|thread "
                    + child.thread() + " (java)|  bounding      none|  permitted     none|  effective     none|"
                    + "  inheritable   none|  ambient       none|  no_new_privs  yes|  uid           65534|"
                    + "  gid           65533|  groups        none|  securebits    none|");
        }
    }

    @Test
    void showsEveryPhase() {
        try (ObservedChild child = ObservedChild.start(Command.class, "drop", "--uid", "nobody", "--scope", "thread")) {
            child.at("done");
            List<String> lines = List.of(child.said().split("\\|"));
            assertThat(lines.stream().filter(line -> line.contains("=="))).containsExactly("0 == before",
                    "== bounding set dropped", "== identity switched", "== dropped and verified");
            assertThat(column(lines, "uid")).containsExactly("0", "0", "65534", "65534");
            assertThat(column(lines, "no_new_privs")).containsExactly("no", "no", "no", "yes");
        }
    }

    private static Stream<String> column(List<String> lines, String name) {
        return lines.stream().map(String::strip).filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length()).strip());
    }

    @Test
    void whatIsKeptIsKept() {
        try (ObservedChild child = ObservedChild.start(Command.class, "drop", "--uid", "65534", "--gid", "65534", "--keep",
                "NET_BIND_SERVICE", "--scope", "thread")) {
            assertThat(child.at("done")).isEqualTo(
                    child.start().holdingOnly(CapMasks.NET_BIND_SERVICE).as(65534, 65534).withNoNewPrivs());
            assertThat(child.said()).startsWith("0 ");
        }
    }

    @Test
    void namesTheMissingPrivilegeAndChangesNothing() {
        try (ObservedChild child = ObservedChild.of(Command.class, "drop", "--uid", "1000", "--gid", "1000", "--scope", "thread")
                .asNobodyWith("").start()) {
            assertThat(child.at("done")).isEqualTo(child.start());
            assertThat(child.said()).startsWith("1 == before|").endsWith("|caps: prctl(PR_CAPBSET_DROP, CAP_CHOWN):"
                    + " EPERM: needs CAP_SETPCAP in the effective set, which holds none; lockUnprivileged() does not need it"
                    + " and clears every set except bounding (--unprivileged needs no CAP_SETPCAP)|");
        }
    }

    @Test
    void unprivilegedLocksAllButTheBoundingSet() {
        try (ObservedChild child =
                ObservedChild.of(Command.class, "drop", "--unprivileged").asNobodyWith("kill").start().together()) {
            assertThat(child.at("done")).isEqualTo(child.start()
                    .withSets(child.start().bounding(), 0, 0, 0, 0).withNoNewPrivs());
            assertThat(child.said()).startsWith("0 == before|").contains("|== locked and verified|");
        }
    }

    @Test
    void securebitsAreWhatWasAskedFor() {
        try (ObservedChild child =
                ObservedChild.start(Command.class, "drop", "--uid", "65534", "--gid", "65534", "--secure-bits", "0xef",
                        "--keep", "kill").together()) {
            assertThat(child.at("done")).isEqualTo(child.start().holdingOnly(CapMasks.KILL).as(65534, 65534)
                    .withNoNewPrivs());
            assertThat(child.said()).endsWith("|  securebits    noroot,noroot_locked,no_setuid_fixup,"
                    + "no_setuid_fixup_locked,keep_caps_locked,no_cap_ambient_raise,no_cap_ambient_raise_locked|");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-namespaces", "--no-exec"})
    void filtersAreInstalledAsAsked(String option) {
        try (ObservedChild child =
                ObservedChild.start(Command.class, "drop", "--uid", "65534", "--gid", "65534", option).together()) {
            assertThat(child.at("done")).isEqualTo(child.start().holdingOnly(0).as(65534, 65534).withNoNewPrivs());
            assertThat(Path.of("/proc/" + child.process() + "/status")).content().contains("\nSeccomp:\t2\n");
            assertThat(child.said()).contains("== dropped and verified");
        }
    }
}
