package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import nucleus.caps.internal.session.Preload;
import org.junit.jupiter.api.Test;

/**
 * No class that a drop can come by is left to be loaded when its files may be out of reach. What no drop comes by is
 * named here; only methods of the doors lead there, and none of those is part of a drop.
 */
class PreloadTest {

    private static final Set<String> BESIDE = Set.of(
            "CapabilityState", "internal.text.StateText", "internal.text.StateParser", "internal.text.StateFormat",
            "internal.text.Explanations",
            "FileCapabilities",
            "ProcessStatus", "internal.proc.Processes", "OciNames", "Presets",
            "Launcher", "RestrictedTask", "internal.launch.ChildProtocol", "internal.launch.Elf", "internal.launch.Pipes",
            "internal.launch.ChildImage", "internal.launch.Launch", "internal.launch.Preparation", "internal.launch.ChildReport",
            "internal.launch.ChildPlan", "internal.launch.ChildSpec", "internal.launch.Execve",
            "internal.launch.SelfReport", "internal.launch.ChildStatus", "internal.launch.ChildReports",
            "internal.launch.Children", "internal.launch.Candidate", "internal.launch.Doorway", "internal.launch.WeakThread",
            "internal.launch.Handover", "internal.launch.AbstractSocket", "internal.launch.Sockets",
            "internal.launch.SocketCalls", "internal.launch.SocketMessage", "internal.launch.ChildTable");

    /** Loaded if a flight recording runs. Its superclass may be missing. */
    private static final String EVENT = "internal.session.TransitionEvent";

    /** Of the bindings: there to be compared with the headers, and called in another way. */
    private static final Pattern NEVER_USED = Pattern.compile("internal\\.ffi\\.(__user_cap_.*"
            + "|linux_caps_h\\$(capget|capset|prctl|setgroups|setresgid|setresuid|syscall))");

    private static final Set<String> DOORS = Set.of("Caps", "Capability", "CapabilitySets");

    private static final List<ClassFile> COMPILED = ClassFile.below(Javac.CLASSES).stream()
            .filter(file -> !file.name().matches("nucleus\\.caps\\.(tool|agent)\\..*") && !file.name().endsWith(".package-info"))
            .toList();

    private static String local(String className) {
        return className.replaceFirst("^nucleus\\.caps\\.", "");
    }

    private static boolean isBesideTheWay(String className) {
        return BESIDE.contains(local(className).replaceFirst("\\$.*", ""));
    }

    @Test
    void preloadsEachClassThatADropNeeds() {
        assertThat(Preload.classes()).containsExactlyInAnyOrderElementsOf(COMPILED.stream().map(ClassFile::name)
                .filter(Predicate.not(PreloadTest::isBesideTheWay))
                .filter(name -> !NEVER_USED.matcher(local(name)).matches() && !local(name).equals(EVENT)).toList());
    }

    @Test
    void onlyOneClassUsesTheEventOfAFlightRecording() {
        assertThat(COMPILED.stream().filter(file -> file.mentions().stream().map(PreloadTest::local).anyMatch(EVENT::equals))
                .map(file -> local(file.name()))).containsExactlyInAnyOrder(EVENT, "internal.session.Flight");
    }

    @Test
    void onlyDoorsUseClassesThatAreNotPreloaded() {
        assertThat(COMPILED.stream().filter(file -> !isBesideTheWay(file.name()))
                .filter(file -> file.mentions().stream().anyMatch(PreloadTest::isBesideTheWay))
                .map(file -> local(file.name()))).isSubsetOf(DOORS);
    }
}
