package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** The files belong to the new user if and only if a step got so far, and an exception tells it. */
@Privileged(also = CapMasks.CHOWN)
@SameInContainers
class HandedOverIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    private final Path file = Modules.directory("rwxr-xr-x").resolve("file");

    @BeforeEach
    void make() throws IOException {
        Files.createFile(file);
    }

    private long owner() throws IOException {
        return ((Integer) Files.getAttribute(file, "unix:uid")).longValue();
    }

    static final class InSteps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded =
                    Caps.begin(Scope.PROCESS, options -> options.handOver(Path.of(args[0]))).dropBoundingSet();
            points.at("bounded");
            bounded.switchIdentity(SOMEBODY).finalizeDrop();
            points.at("dropped");
        }
    }

    @Test
    void aSwitchHandsOver() throws IOException {
        try (ObservedChild child = ObservedChild.start(InSteps.class, file.toString()).together()) {
            child.at("bounded");
            assertThat(owner()).isZero();
            child.at("dropped");
            assertThat(owner()).isEqualTo(NOBODY);
        }
    }

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> Caps.begin(Scope.PROCESS, options -> options.handOver(Path.of(args[0]))).drop(SOMEBODY));
            points.at("failed");
        }
    }

    @Test
    void aTreeThatCannotBeGivenStopsTheDrop() throws IOException {
        try (ObservedChild child = ObservedChild.of(Drops.class, file.toString())
                .through("setpriv", "--inh-caps", "-all", "--bounding-set", "-chown").start().together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("fchownat(" + file + "): EPERM: handOver needs CAP_CHOWN");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("failed")).isEqualTo(child.start());
            assertThat(owner()).isZero();
        }
    }

    @Privileged(also = CapMasks.SYS_ADMIN)
    @ParameterizedTest
    @ValueSource(strings = {"-t tmpfs none", "--bind TREE"})
    void aMountInATreeStopsTheDrop(String mount) throws IOException {
        Path inner = Files.createDirectory(file.resolveSibling("inner"));
        try (ObservedChild child = ObservedChild.of(Drops.class, file.getParent().toString())
                .after("mount " + mount.replace("TREE", file.getParent().toString()) + " " + inner).through("unshare", "--mount")
                .start().together()) {
            assertThat(child.threw().message())
                    .isEqualTo("fchownat(" + inner + "): handOver: another file system is mounted there");
            assertThat(child.at("failed")).isEqualTo(child.start());
            assertThat(owner()).isZero();
        }
    }

    static final class Filtered implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.PRCTL, Syscalls.PR_SET_NO_NEW_PRIVS);
            Phase.Initial initial = Caps.begin(Scope.PROCESS, options -> options.handOver(Path.of(args[0])));
            points.threw(() -> initial.drop(SOMEBODY));
            points.threw(() -> initial.drop(SOMEBODY));
            points.threw(initial::dropAll);
            points.at("failed");
        }
    }

    @Test
    void aRefusalAfterwardsSaysThatFilesHaveChanged() throws IOException {
        try (ObservedChild child = ObservedChild.of(Filtered.class, file.toString()).logging("warning").apart()
                .option("-Djava.io.tmpdir=" + file.getParent()).start().together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("prctl(PR_SET_NO_NEW_PRIVS, 1): EPERM")
                    .endsWith("(part of the change is already made)");
            assertThat(thrown.changed()).isTrue();
            assertThat(owner()).isEqualTo(NOBODY);
            assertThat(child.threw().changed()).as("nothing is left to hand over").isFalse();
            assertThat(child.threw().type()).isEqualTo("IllegalStateException");
            assertThat(child.at("failed")).isEqualTo(child.start());
            assertThat(child.errors().lines()).as("advice of the first attempt").hasSize(1).first().asString()
                    .contains("temporary files cannot be created");
        }
    }
}
