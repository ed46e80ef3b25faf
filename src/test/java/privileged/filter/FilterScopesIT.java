package privileged.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import nucleus.caps.Options;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;
import privileged.harness.TestIds;
import privileged.harness.Thrown;

/** Which threads get the filter, and what happens if some of them have filters already. */
@Privileged
class FilterScopesIT {

    private static final Identity NOBODY = Identity.of(TestIds.NOBODY, TestIds.NOBODY);
    private static final List<String> STATUS = List.of("grep", "Seccomp", "/proc/self/status");

    private static String status() throws Exception {
        return lines(new ProcessBuilder(STATUS).start());
    }

    private static String lines(Process process) throws Exception {
        return SeccompLines.of(NamespaceWays.output(process).lines().toList());
    }

    /** On a thread of its own, which starts a process and a thread. */
    static final class OneThread implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Checkpoints.onNewThread(() -> {
                Caps.begin(Scope.THREAD, Options::denyNamespaces).drop(NOBODY);
                points.at("dropped");
                points.say(status());
                Checkpoints.onNewThread(() -> points.at("its thread"));
            });
            points.at("another thread");
            points.say(status());
        }
    }

    @Test
    void oneThreadHasItAndWhatItStarts() throws IOException {
        try (ObservedChild child = ObservedChild.start(OneThread.class).inheriting("process reaper")) {
            child.at("dropped");
            assertThat(SeccompLines.ofThread(child.thread())).isEqualTo(SeccompLines.more(1));
            assertThat(child.said()).isEqualTo(SeccompLines.more(1));
            child.at("its thread");
            assertThat(SeccompLines.ofThread(child.thread())).isEqualTo(SeccompLines.more(1));
            child.at("another thread");
            assertThat(SeccompLines.ofThread(child.thread())).isEqualTo(SeccompLines.more(0));
            assertThat(child.said()).isEqualTo(SeccompLines.more(0));
        }
    }

    /** Only the launched child has it. */
    static final class Launches implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Launcher launcher = Launcher.of(new ProcessBuilder(STATUS)).identity(NOBODY);
            points.say(lines(launcher.denyNamespaces().start()));
            points.say(lines(launcher.start()));
            Launcher unshare =
                    Launcher.of(new ProcessBuilder("unshare", "-Ur", "true").redirectErrorStream(true)).identity(NOBODY);
            points.say(NamespaceWays.output(unshare.denyNamespaces().start()));
            points.say(NamespaceWays.output(unshare.start()));
            points.threw(() -> launcher.denyNamespaces().allowNewPrivileges().start());
            points.at("launched");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Privileged(also = CapMasks.FOR_FILTERS)
    @Requires(Requirement.USER_NAMESPACES_FOR_NOBODY)
    void launchedChildHasIt(boolean filtered) {
        try (ObservedChild child = child(Launches.class, filtered)) {
            int before = filtered ? 1 : 0;
            assertThat(child.said()).isEqualTo(SeccompLines.more(before + 1));
            assertThat(child.said()).isEqualTo(SeccompLines.more(before));
            assertThat(child.said()).isEqualTo("unshare: unshare failed: Operation not permitted");
            assertThat(child.said()).isEmpty();
            assertThat(child.threw().message()).startsWith("launch: remove allowNewPrivileges() or denyNamespaces(); ");
            child.at("launched");
            assertThat(SeccompLines.of(child.process())).containsExactly(SeccompLines.more(before));
        }
    }

    private static ObservedChild child(Class<? extends ChildScenario> scenario, boolean filtered) {
        return filtered ? ObservedChild.of(scenario).through(CSource.of(FilterScopesIT.class, "filtered")
                .compile("filtered", "-static").toString()).start() : ObservedChild.start(scenario);
    }

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.PROCESS, Options::denyNamespaces).drop(NOBODY);
            points.at("dropped");
            Caps.begin(Scope.PROCESS, Options::denyNamespaces).dropAll();
            points.at("dropped again");
        }
    }

    /** As in a container: the process has a filter since its start. */
    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void isAddedToAFilterOfTheWholeProcess() {
        try (ObservedChild child = child(Drops.class, true).together()) {
            assertThat(SeccompLines.of(child.process())).containsExactly(SeccompLines.more(1));
            child.at("dropped");
            assertThat(SeccompLines.of(child.process())).containsExactly(SeccompLines.more(2));
            child.at("dropped again");
            assertThat(SeccompLines.of(child.process())).containsExactly(SeccompLines.more(3));
        }
    }

    /** One thread has a filter of its own from now on. */
    private static void startFiltered() throws InterruptedException {
        CountDownLatch filtered = new CountDownLatch(1);
        Thread.ofPlatform().name("filtered").daemon().start(() -> {
            SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.IOCTL);
            filtered.countDown();
            while (true) {
                LockSupport.park();
            }
        });
        filtered.await();
    }

    /** Another thread has a filter. */
    static final class Differing implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            startFiltered();
            Phase.Initial initial = Caps.begin(Scope.PROCESS, Options::denyNamespaces);
            points.threw(() -> initial.drop(NOBODY));
            points.at("refused");
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void nothingChangesIfOneThreadHasAFilterOfItsOwn() {
        try (ObservedChild child = ObservedChild.start(Differing.class).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).matches("seccomp\\(SECCOMP_SET_MODE_FILTER\\): thread [0-9]+ has a seccomp filter that"
                    + " the calling thread does not have; .*");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    /** The calling thread has as many filters as another thread, and another one. */
    static final class OtherFilter implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            startFiltered();
            SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.IOCTL);
            Phase.Initial initial = Caps.begin(Scope.PROCESS, Options::denyNamespaces);
            points.threw(() -> initial.drop(NOBODY));
            points.threw(initial::dropAll);
            points.at("dropped");
        }
    }

    /** The kernel alone can compare filters. By then the drop is made, and the exception says so. */
    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void kernelRefusesIfFiltersDiffer() {
        try (ObservedChild child = ObservedChild.start(OtherFilter.class).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).matches("seccomp\\(SECCOMP_SET_MODE_FILTER\\): thread [0-9]+ has a seccomp filter that"
                    + " the calling thread does not have; .*part of the change is already made.*");
            assertThat(thrown.changed()).isTrue();
            assertThat(child.threw().type()).isEqualTo("IllegalStateException");
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).as(TestIds.NOBODY, TestIds.NOBODY)
                    .withNoNewPrivs());
        }
    }
}
