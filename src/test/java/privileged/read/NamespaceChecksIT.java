package privileged.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import nucleus.caps.Capability;
import nucleus.caps.Caps;
import nucleus.caps.Options;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.Thrown;

/** {@code requireNoNamespaceCaps} finds a thread that can create a user namespace with capabilities. */
@Privileged
class NamespaceChecksIT {

    static final class MakesNoNamespace implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.requireNoNamespaceCaps();
            points.at("passed");
        }
    }

    /** The argument is what the calling thread gives up in effective. */
    static final class MayMakeNamespaces implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD);
            if (args.length > 0) {
                Caps.thisThread().lower(SetKind.EFFECTIVE, Capability.of(args[0]));
            }
            points.threw(Caps::requireNoNamespaceCaps);
            points.at("failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill,setuid,setgid", ""})
    void acceptsOtherCapabilities(String held) {
        try (ObservedChild child = ObservedChild.of(MakesNoNamespace.class).asNobodyWith(held).logging("warning").start()) {
            assertThat(child.at("passed")).isEqualTo(child.start());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sys_admin", "sys_ptrace"})
    @Privileged(also = CapMasks.SYS_ADMIN | CapMasks.SYS_PTRACE)
    void namesAThreadThatCanCreateNamespaces(String held) {
        try (ObservedChild child =
                ObservedChild.of(MayMakeNamespaces.class).asNobodyWith("kill," + held).logging("warning").start()) {
            List<Path> threads = ProcTasks.of(child.process());
            Thrown thrown = child.threw();
            assertThat(child.at("failed")).isEqualTo(child.start());
            assertThat(thrown.type()).isEqualTo("VerificationException");
            assertThat(thrown.changed()).isFalse();
            StartupChecksIT.named(threads, thrown.message(), "effective: expected none, observed cap_" + held);
            StartupChecksIT.named(threads, thrown.message(), "permitted: expected none, observed cap_" + held);
            assertThat(child.errors()).isEmpty();
        }
    }

    @Test
    @Privileged(also = CapMasks.SYS_ADMIN)
    void namesPermittedAlone() {
        try (ObservedChild child = ObservedChild.of(MayMakeNamespaces.class, "sys_admin").asNobodyWith("sys_admin").start()) {
            Thrown thrown = child.threw();
            assertThat(child.at("failed")).isEqualTo(child.start().withEffective(0));
            assertThat(thrown.message()).contains("thread " + child.thread() + " (java) permitted: expected none")
                    .doesNotContain("thread " + child.thread() + " (java) effective");
        }
    }

    /** The argument is the scope of a drop with denyNamespaces. */
    static final class RequiresNoNamespaces implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            if (args.length > 0) {
                Caps.begin(Scope.valueOf(args[0]), Options::denyNamespaces).lockUnprivileged();
            }
            points.threw(Caps::requireNoNamespaces);
            FutureTask<Boolean> virtual = new FutureTask<>(() -> {
                Caps.requireNoNamespaces();
                return true;
            });
            if (args.length > 0 && args[0].equals("PROCESS")) {
                Thread.ofVirtual().start(virtual);
                points.say(virtual.get());
            }
            points.at("checked");
        }
    }

    private static final String ALLOWED =
            "[1-9][0-9]+ threads [(].*…[)] unshare[(]CLONE_NEWUSER[)]: expected EPERM, observed EINVAL";

    @Test
    void noNamespacesAreProvedAfterADrop() {
        try (ObservedChild child = ObservedChild.of(RequiresNoNamespaces.class, "PROCESS").asNobodyWith("").start().together()) {
            assertThat(child.saidNothingThrown()).isTrue();
            assertThat(child.said()).isEqualTo("true");
            assertThat(child.at("checked")).isEqualTo(child.start().withNoNewPrivs());
        }
    }

    /** No thread holds a capability, and each can create a user namespace. */
    @Test
    @Requires(Requirement.USER_NAMESPACES)
    void namesEachThreadThatIsRefusedNothing() {
        try (ObservedChild child = ObservedChild.of(RequiresNoNamespaces.class).asNobodyWith("").start()) {
            Thrown thrown = child.threw();
            assertThat(thrown.type()).isEqualTo("VerificationException");
            assertThat(thrown.message()).containsPattern(ALLOWED).contains(Long.toString(child.process()),
                    " clone(CLONE_NEWUSER): expected EPERM, observed EINVAL", " clone3(): expected ENOSYS, observed EINVAL",
                    " setns(): expected EPERM, observed EBADF");
            assertThat(child.at("checked")).isEqualTo(child.start());
        }
    }

    @Test
    @Requires(Requirement.USER_NAMESPACES)
    void oneThreadWithAFilterIsNotEnough() {
        try (ObservedChild child = ObservedChild.of(RequiresNoNamespaces.class, "THREAD").asNobodyWith("").start()) {
            Thrown thrown = child.threw();
            child.at("checked");
            assertThat(thrown.message()).containsPattern(ALLOWED).doesNotContain(Long.toString(child.thread()));
        }
    }

    @Test
    @Privileged(also = CapMasks.SYS_ADMIN)
    void capabilitiesAreFoundFirst() {
        try (ObservedChild child = ObservedChild.of(RequiresNoNamespaces.class).asNobodyWith("sys_admin").start()) {
            assertThat(child.threw().message()).startsWith("requireNoNamespaceCaps: ").contains("observed cap_sys_admin");
            assertThat(child.at("checked")).isEqualTo(child.start());
        }
    }
}
