package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.nio.file.Path;
import java.time.ZoneId;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.FileCapabilities;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.Checkpoints;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** Modules, and the JDK itself, where the new user cannot read them. */
@Privileged
@SameInContainers
class CodeIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    /** Loads a class that the library has not loaded, and a file of the JDK. */
    static final class LoadsLater implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.say(Caps.begin(Scope.THREAD).advise(SOMEBODY));
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            points.say(initial.advise(SOMEBODY).stream().filter(advice -> advice.kind() == Advice.Kind.CODE).toList());
            initial.drop(SOMEBODY);
            points.at("dropped");
            points.threw(() -> FileCapabilities.parse("cap_chown=ep"));
            if (args.length > 0) {
                points.threw(() -> ZoneId.of(args[0]));
            }
        }
    }

    /** With no_setuid_fixup, bit 2, access(2) would use the capabilities of the thread. */
    @ParameterizedTest
    @ValueSource(strings = {"0x0", "0x4"})
    void modulesForRootOnly(String secureBits) {
        Path modules = Modules.forRootOnly();
        try (ObservedChild child =
                ObservedChild.of(LoadsLater.class).modules(modules).secureBits(secureBits).start().together()) {
            String advice = "classes that are not loaded yet cannot be loaded, because uid 65534 cannot search " + modules;
            assertThat(child.said()).contains(advice + "/classes;");
            assertThat(child.said()).contains(advice + "/classes;");
            child.at("dropped");
            assertThat(child.threw().type()).isEqualTo("NoClassDefFoundError");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"700", "755"})
    @Privileged(also = CapMasks.SYS_ADMIN)
    void aJdkBelowADirectoryForRootOnly(String mode) {
        Path home = Path.of(System.getProperty("java.home"));
        ChildCommand child = ObservedChild.of(LoadsLater.class, "Europe/Paris")
                .after("kept=" + Modules.directory("rwxr-xr-x") + "; mount --bind "
                        + home + " $kept; mount -t tmpfs -o mode=" + mode + " none " + home.getParent() + "; mkdir " + home
                        + "; mount --bind $kept " + home + "; umount $kept")
                .through("unshare", "--mount");
        try (ObservedChild running = child.start().together()) {
            if (mode.equals("700")) {
                String advice =
                        "[parts of the JDK cannot be loaded, for example sockets, TLS and time zones, because uid 65534 cannot"
                                + " search " + home + "/lib; ";
                assertThat(running.said()).startsWith(advice);
                assertThat(running.said()).startsWith(advice);
                running.at("dropped");
                running.saidNothingThrown();
                assertThat(running.threw().type()).isEqualTo("ExceptionInInitializerError");
            } else {
                assertThat(running.said()).isEqualTo("[]");
                assertThat(running.said()).isEqualTo("[]");
                running.at("dropped");
                assertThat(running.saidNothingThrown()).isTrue();
                assertThat(running.saidNothingThrown()).isTrue();
            }
        }
    }
}
