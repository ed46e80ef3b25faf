package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SmallPrograms;

/** A set-user-ID-root program in a launched child. */
@Privileged
class LaunchSetuidIT {

    private static final String NONE = "0000000000000000";

    private Path setuid;

    @BeforeEach
    void copy() throws IOException {
        SmallPrograms programs = new SmallPrograms();
        setuid = programs.copy(programs.status(), "setuid", "0:0", "4755");
    }

    /** Launches a shell that starts it: what it regains is not the launcher's own execve's, but a later one's. */
    private List<String> startedBy(String shell, boolean noNewPrivs, long bounding) {
        String wish = LaunchWishes.wish("65534:65534", bounding, 0, 0, "-", noNewPrivs, shell);
        try (ObservedChild child = ObservedChild.start(LaunchWishes.class, wish)) {
            child.said();
            List<String> lines = List.of(child.said().split("\\|"));
            assertThat(child.at("launched")).isEqualTo(child.start());
            return lines;
        }
    }

    private String shell() throws IOException {
        return new SmallPrograms().script("shell", "#!/bin/sh\n" + setuid + "\nexit 0\n").toString();
    }

    @Test
    void regainsNothingUnderNoNewPrivs() throws IOException {
        for (String program : List.of(setuid.toString(), shell())) {
            assertThat(startedBy(program, true, CapMasks.DOCKER)).contains("Uid:\t65534\t65534\t65534\t65534",
                    "CapPrm:\t" + NONE, "CapEff:\t" + NONE, "CapInh:\t" + NONE, "NoNewPrivs:\t1");
        }
    }

    @Test
    void emptyBoundingSetGivesASetuidProgramNothing() throws IOException {
        for (String program : List.of(setuid.toString(), shell())) {
            assertThat(startedBy(program, false, 0)).contains("Uid:\t65534\t0\t0\t0",
                    "CapPrm:\t" + NONE, "CapEff:\t" + NONE, "CapBnd:\t" + NONE, "NoNewPrivs:\t0");
        }
    }

    /** Or else the tests above would show nothing. */
    @Test
    void regainsTheBoundingSetWithoutEither() throws IOException {
        for (String program : List.of(setuid.toString(), shell())) {
            assertThat(startedBy(program, false, CapMasks.DOCKER)).contains("Uid:\t65534\t0\t0\t0",
                    "CapPrm:\t" + CapMasks.hex(CapMasks.DOCKER), "CapEff:\t" + CapMasks.hex(CapMasks.DOCKER), "NoNewPrivs:\t0");
        }
    }
}
