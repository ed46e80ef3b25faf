package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.FragileChild;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.Syscalls;

/** A JVM that locks more memory than its new user may. */
@Privileged(also = CapMasks.IPC_LOCK)
@SameInContainers
class LockedMemoryIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String CURRENT = "1";
    private static final String FUTURE = "2";
    private static final String BOTH = "3";

    static final class Locks implements ChildScenario.WithSyscalls {

        /** No ended thread has left so large a stack. */
        private static final long STACK = 8L << 20;

        /** Takes the arguments of mlockall(2), and last whether it keeps CAP_IPC_LOCK. */
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            for (String each : args[0].split("/", 0)) {
                Syscalls.call(Syscalls.Call.MLOCKALL, Long.parseLong(each));
            }
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            List<Advice> found = initial.advise(SOMEBODY).stream().filter(advice -> advice.kind() == Advice.Kind.LOCKED_MEMORY)
                    .toList();
            points.at(found.toString());
            initial.dropExcept(CapabilitySet.of(args.length > 1 ? new Capability[] {Capability.CAP_IPC_LOCK}
                    : new Capability[0]), SOMEBODY);
            Thread thread = new Thread(null, () -> points.at("a new thread"), "any", STACK);
            thread.start();
            thread.join();
            Runtime.getRuntime().halt(0);
        }
    }

    private static ChildCommand locking(String... args) {
        return ObservedChild.of(Locks.class, args).apart().option("-Xmx64m").option("-XX:ReservedCodeCacheSize=16m")
                .option("-XX:CompressedClassSpaceSize=16m").option("-XX:-UseDynamicNumberOfCompilerThreads")
                .option("-Xlog:disable").option("-XX:+DisplayVMOutputToStderr").option("-XX:+SuppressFatalErrorMessage")
                .logging("warning")
                .through("prlimit", "--memlock=8388608:8388608");
    }

    private static final String FOUND = "\\[without CAP_IPC_LOCK, the JVM ends or cannot create threads, because new memory is"
            + " locked, mlockall\\(MCL_FUTURE\\), [0-9]+ kB are locked, and RLIMIT_MEMLOCK is 8192 kB; .*]";

    private FragileChild child;

    /** {@return what a child finds that locks its memory, and waits before its drop} */
    private String advice(Path directory, String... args) throws IOException, FragileChild.Stopped {
        child = new FragileChild(locking(args), directory.resolve("errors"), PATIENCE);
        child.next();
        child.goOn();
        String found = child.next().text();
        child.goOn();
        return found;
    }

    @AfterEach
    void end() {
        if (child != null) {
            child.process().destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({FUTURE, BOTH})
    void noThreadCanBeCreated(String flags, @TempDir Path directory) throws IOException, FragileChild.Stopped {
        assertThat(advice(directory, flags)).matches(FOUND);
        assertThatThrownBy(child::next).isInstanceOf(FragileChild.Stopped.class);
        assertThat(child.ended()).hasMessageStartingWith("exit code ").hasMessageNotContaining("exit code 0");
    }

    @ParameterizedTest
    @CsvSource({CURRENT, BOTH + "/" + CURRENT})
    void memoryThatIsLockedAlreadyDoesNotMatter(String flags, @TempDir Path directory)
            throws IOException, FragileChild.Stopped {
        assertThat(advice(directory, flags)).isEqualTo("[]");
        assertThat(child.next().text()).isEqualTo("a new thread");
        child.goOn();
        assertThat(child.ended()).hasMessage("exit code 0: ");
    }

    /** The log does not warn, since the drop keeps it. */
    @Test
    void theCapabilityExempts(@TempDir Path directory) throws IOException, FragileChild.Stopped {
        assertThat(advice(directory, BOTH, "keeps")).matches(FOUND);
        assertThat(child.next().text()).isEqualTo("a new thread");
        child.goOn();
        assertThat(child.ended()).hasMessage("exit code 0: ");
    }

    static final class Asks implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.PROCESS).advise(SOMEBODY);
            points.at("advised");
        }
    }

    /** Without the capability, it would end the JVM if it needed memory. The process stays as it was. */
    @Test
    void theThreadThatAsksKeepsTheCapability(@TempDir Path directory) throws IOException {
        Path trace = directory.resolve("trace");
        try (ObservedChild asking = ObservedChild.of(Asks.class).traced(trace, "--seccomp-bpf", "-e", "trace=capset").start()) {
            assertThat(asking.at("advised")).isEqualTo(asking.start());
        }
        assertThat(Files.readAllLines(trace)).filteredOn(line -> line.contains("capset(")).singleElement().asString()
                .contains("{effective=1<<CAP_IPC_LOCK, permitted=1<<CAP_IPC_LOCK, inheritable=0}) = 0");
    }
}
