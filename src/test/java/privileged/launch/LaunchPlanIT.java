package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CSource;
import privileged.harness.CapMasks;
import privileged.harness.Command;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.SmallPrograms;

/** What was planned is what the kernel makes of it, whatever the program gives by itself. */
@Privileged
@SameInContainers
class LaunchPlanIT {

    private static final long BIND = CapMasks.NET_BIND_SERVICE;

    /** A program of uid 1000. Only for it, a launch as that user differs from one as another user. */
    private static final String OF_ANOTHER = "set-user-ID of another";

    private SmallPrograms programs;
    private Path status;

    @BeforeEach
    void compile() {
        programs = new SmallPrograms();
        status = programs.status();
    }

    /** Under whose identity, sets, securebits and no_new_privs a program may come. */
    private static List<String> wishes(Path program, List<String> identities) {
        List<String> wishes = new ArrayList<>();
        for (String ids : identities) {
            for (String secureBits : List.of("0", "3", "c")) {
                for (boolean nnp : new boolean[] {true, false}) {
                    wishes.add(LaunchWishes.wish(ids, 0, 0, 0, secureBits, nnp, program));
                    wishes.add(LaunchWishes.wish(ids, CapMasks.DOCKER, 0, 0, secureBits, nnp, program));
                    wishes.add(LaunchWishes.wish(ids, CapMasks.DOCKER, BIND | CapMasks.KILL, 0, secureBits, nnp, program));
                    wishes.add(LaunchWishes.wish(ids, BIND, BIND, BIND, secureBits, nnp, program));
                    wishes.add(LaunchWishes.wish(ids, CapMasks.KILL, CapMasks.SETUID, 0, secureBits, nnp, program));
                }
            }
        }
        return wishes;
    }

    private Path program(String kind) throws IOException {
        return switch (kind) {
            case "plain" -> status;
            case "set-user-ID root" -> programs.copy(status, "suid-root", "0:0", "4755");
            case OF_ANOTHER -> programs.copy(status, "suid", "1000:0", "4755");
            case "set-group-ID" -> programs.copy(status, "sgid", "0:78", "2755");
            case "no set-group-ID without x" -> programs.copy(status, "locking", "0:78", "2745");
            case "permitted" -> programs.withCapabilities(programs.copy(status, "p", "0:0", "755"),
                    "cap_kill,cap_net_bind_service=p");
            case "inheritable" -> programs.withCapabilities(programs.copy(status, "i", "0:0", "755"),
                    "cap_kill,cap_net_bind_service=i");
            case "inheritable and effective" -> programs.withCapabilities(programs.copy(status, "ei", "0:0", "755"),
                    "cap_kill=ei");
            case "set-user-ID root and permitted" -> programs.withCapabilities(
                    programs.copy(status, "suid-p", "0:0", "4755"), "cap_kill=p");
            case "of another namespace" -> {
                Path copy = programs.copy(status, "rootid", "0:0", "755");
                Command.run("/sbin/setcap", "-n", "20000", "cap_kill=ep", copy.toString());
                yield copy;
            }
            case "a script of permitted" -> programs.script("script", "#! " + program("permitted") + " x\n");
            case "a script of a script" -> programs.script("twice", "#!" + program("a script of permitted") + "\n");
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "set-user-ID root", OF_ANOTHER, "set-group-ID",
        "no set-group-ID without x", "permitted", "inheritable", "inheritable and effective",
        "set-user-ID root and permitted", "of another namespace", "a script of permitted", "a script of a script"})
    void everyPlanComesTrue(String kind) throws IOException {
        List<String> wishes = wishes(program(kind), kind.equals(OF_ANOTHER) ? List.of("0:0", "65534:65534:77", "1000:1000")
                : List.of("0:0", "65534:65534:77"));
        try (ObservedChild child = ObservedChild.start(LaunchWishes.class, wishes.toArray(String[]::new))) {
            for (String wish : wishes) {
                String planned = child.said();
                assertThat(child.said()).as(wish).isEqualTo(planned).startsWith("Uid:");
            }
            assertThat(child.at("launched")).isEqualTo(child.start());
        }
    }

    /** A program whose capabilities are effective gets them, or does not run: that is known before. */
    @Test
    void refusesAProgramThatCannotGetItsCapabilities() throws IOException {
        Path file = programs.withCapabilities(programs.copy(status, "ep", "0:0", "755"), "cap_kill=ep");
        try (ObservedChild child = ObservedChild.start(LaunchWishes.class,
                LaunchWishes.wish("1000:1000", BIND, 0, 0, "0", false, file),
                LaunchWishes.wish("1000:1000", BIND | CapMasks.KILL, 0, 0, "0", false, file),
                LaunchWishes.wish("1000:1000", BIND | CapMasks.KILL, 0, 0, "0", true, file))) {
            assertThat(child.said()).isEqualTo("refused execve(" + file + "): EPERM: the file has capabilities that it"
                    + " must get, and the bounding set lacks cap_kill");
            child.said();
            assertThat(child.said()).isEqualTo(child.said()).contains("CapEff:\t0000000000000020");
            assertThat(child.said()).isEqualTo(child.said()).contains("CapEff:\t0000000000000000");
            child.at("launched");
        }
        assertThat(new ProcessBuilder(programs.compiled(CSource.of(LaunchPlanIT.class, "launched"), "launched").toString(),
                "1000", "1000", CapMasks.hex(BIND), "0", "0", "0",
                "0", "-", file.toString()).redirectErrorStream(true).start().inputReader().lines())
                .containsExactly("launched: " + file + ": Operation not permitted");
    }

    @Test
    @Privileged(also = CapMasks.FOR_NAMESPACES)
    void onAFileSystemMountedNosuidNothingIsGiven() throws IOException {
        Path mount = Modules.directory("rwxr-xr-x");
        Path file = programs.copy(status, "nosuid", "0:0", "4755");
        Path onMount = mount.resolve("file");
        String script = "mount -t tmpfs -o nosuid,mode=755 none " + mount + "; cp -p " + file + " " + onMount
                + "; /sbin/setcap cap_kill=p " + onMount;
        String wish = LaunchWishes.wish("1000:1000", CapMasks.DOCKER, 0, 0, "0", false, onMount);
        try (ObservedChild child = ObservedChild.of(LaunchWishes.class, wish).after(script)
                .through("unshare", "--mount", "--propagation", "private").start()) {
            assertThat(child.said()).isEqualTo(child.said()).contains("Uid:\t1000\t1000\t1000\t1000",
                    "CapPrm:\t0000000000000000");
            child.at("launched");
        }
    }

    /** Linux 6.17 no longer counts it, earlier kernels do. */
    @Test
    void refusesToGuessAmbientForASetgidProgram() throws IOException {
        Path file = programs.copy(status, "own", "0:77", "2755");
        try (ObservedChild child = ObservedChild.start(LaunchWishes.class,
                LaunchWishes.wish("1000:1000:77", BIND, BIND, BIND, "0", false, file),
                LaunchWishes.wish("1000:1000:77", BIND, BIND, BIND, "0", true, file))) {
            assertThat(child.said()).startsWith("refused execve(" + file + "): whether ambient survives");
            child.said();
            assertThat(child.said()).isEqualTo(child.said()).contains("CapAmb:\t0000000000000400");
            child.at("launched");
        }
    }
}
