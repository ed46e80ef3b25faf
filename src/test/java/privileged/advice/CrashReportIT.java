package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.FragileChild;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The report that HotSpot writes when a signal ends it. */
@Privileged
@SameInContainers
class CrashReportIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OPEN = "rwxrwxrwx";
    private static final String REMEDY = "; choose a directory of that user, or hand it over with the option handOver]";

    static final class Waits implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            points.at(initial.advise(SOMEBODY).stream().filter(advice -> advice.kind() == Advice.Kind.NEW_FILES).toList()
                    .toString());
            initial.drop(SOMEBODY);
            points.at("dropped");
        }
    }

    /** Otherwise HotSpot takes the working directory. */
    @ParameterizedTest
    @ValueSource(strings = {"rwxr-xr-x", OPEN})
    void isWhereTheOptionSays(String mode, @TempDir Path errors) throws IOException, FragileChild.Stopped {
        Path place = Modules.directory(mode);
        Path otherwise = Modules.directory(OPEN);
        ChildCommand launch = ObservedChild.of(Waits.class).apart().in(otherwise).option("-Djava.io.tmpdir=" + otherwise)
                .option("-XX:ErrorFile=" + place.resolve("report-%p"));
        FragileChild child = new FragileChild(launch, errors.resolve("errors"), PATIENCE);
        try {
            child.next();
            child.goOn();
            boolean works = mode.equals(OPEN);
            assertThat(child.next().text()).isEqualTo(works ? "[]" : "[a crash report cannot be written where the option"
                    + " ErrorFile says, because uid 65534 cannot write " + place + REMEDY);
            child.goOn();
            assertThat(child.next().text()).isEqualTo("dropped");
            Command.run("kill", "-SEGV", Long.toString(child.process().pid()));
            assertThat(child.ended()).hasMessageStartingWith("exit code ");
            assertThat(place.resolve("report-" + child.process().pid()).toFile().exists()).isEqualTo(works);
            assertThat(otherwise.resolve("hs_err_pid" + child.process().pid() + ".log").toFile().exists()).isEqualTo(!works);
        } finally {
            child.process().destroyForcibly();
        }
    }

    /** An existing file is overwritten. A device needs no right to create files in /dev. */
    @Test
    void canBeAFileThatExists() {
        try (ObservedChild child = ObservedChild.of(Waits.class).option("-XX:ErrorFile=/dev/null").start().together()) {
            child.at("[]");
            child.at("dropped");
        }
    }
}
