package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;

/** What a dropped thread starts is dropped; what the others start is not. */
@Privileged
class StartedLaterIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    /** The process waits until it is told to end, so that it can be looked at. */
    private static void showProcess(Checkpoints points, String program, String point) throws IOException {
        Process process = new ProcessBuilder(program).start();
        points.say(process.pid());
        points.at(point);
        process.getOutputStream().close();
    }

    static final class StartsAfterADrop implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Checkpoints.onNewThread(() -> {
                Caps.begin(Scope.THREAD).drop(SOMEBODY);
                points.at("dropped");
                Checkpoints.onNewThread(() -> points.at("its thread"));
                showProcess(points, "cat", "its process");
            });
            Checkpoints.onNewThread(() -> points.at("another's thread"));
            showProcess(points, "cat", "another's process");
        }
    }

    static final class StartsWithAmbient implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Caps.begin(Scope.THREAD).apply(ChildArguments.sets(args[0]), SOMEBODY);
            points.at("applied");
            showProcess(points, "cat", "its process");
        }
    }

    static final class StartsSetuidRoot implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Caps.begin(Scope.THREAD, options -> args[1].equals("allowed") ? options.allowNewPrivileges() : options)
                    .drop(SOMEBODY);
            showProcess(points, args[0], "its process");
        }
    }

    @Test
    void droppedThreadStartsDroppedThreads() {
        try (ObservedChild child = ObservedChild.start(StartsAfterADrop.class).inheriting("process reaper")) {
            OutsideStatus dropped = child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs();
            assertThat(child.at("dropped")).isEqualTo(dropped);
            long owner = child.thread();
            assertThat(child.at("its thread")).isEqualTo(dropped);
            assertThat(child.thread()).isNotEqualTo(owner);
            long process = Long.parseLong(child.said());
            assertThat(child.at("its process")).isEqualTo(dropped);
            assertThat(OutsideStatus.of(process)).isEqualTo(dropped);
            assertThat(child.at("another's thread")).isEqualTo(child.start());
            long other = Long.parseLong(child.said());
            assertThat(child.at("another's process")).isEqualTo(child.start());
            assertThat(OutsideStatus.of(other)).isEqualTo(child.start());
        }
    }

    @Test
    void aProcessGetsWhatIsAmbient() {
        long some = CapMasks.KILL | CapMasks.SETGID;
        String masks = OutsideStatus.mine().withSets(some, some, 0, some, CapMasks.KILL).masks();
        try (ObservedChild child = ObservedChild.start(StartsWithAmbient.class, masks).inheriting("process reaper")) {
            OutsideStatus applied = child.start().withSets(some, some, 0, some, CapMasks.KILL).as(NOBODY, NOBODY);
            assertThat(child.at("applied")).isEqualTo(applied);
            long process = Long.parseLong(child.said());
            child.at("its process");
            assertThat(OutsideStatus.of(process))
                    .isEqualTo(applied.withPermitted(CapMasks.KILL).withEffective(CapMasks.KILL));
        }
    }

    @Test
    void aSetuidRootProgramRegainsNothing() throws IOException {
        try (ObservedChild child =
                ObservedChild.start(StartsSetuidRoot.class, setuidRootCat(), "unsaid").inheriting("process reaper")) {
            long process = Long.parseLong(child.said());
            OutsideStatus dropped = child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs();
            assertThat(child.at("its process")).isEqualTo(dropped);
            assertThat(OutsideStatus.of(process)).isEqualTo(dropped);
        }
    }

    @Test
    void setuidProgramRunsAsRootWithoutCapabilities() throws IOException {
        try (ObservedChild child =
                ObservedChild.start(StartsSetuidRoot.class, setuidRootCat(), "allowed").inheriting("process reaper")) {
            long process = Long.parseLong(child.said());
            OutsideStatus dropped = child.start().holdingOnly(0).as(NOBODY, NOBODY);
            assertThat(child.at("its process")).isEqualTo(dropped);
            assertThat(OutsideStatus.of(process)).isEqualTo(dropped.withUids(NOBODY, 0, 0, 0));
        }
    }

    private static String setuidRootCat() throws IOException {
        Path copy = Modules.directory("rwxr-xr-x").resolve("cat");
        Files.copy(Path.of("/bin/cat"), copy);
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(copy, "unix:mode", 04755);
        return copy.toString();
    }
}
