package privileged.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import nucleus.caps.Iab;
import nucleus.caps.Libcap;
import nucleus.caps.Mode;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadCaps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** Modes and IAB tuples: the library finds and does what libcap, capsh and getpcaps find and do in the same state. */
@Privileged
@SameInContainers
class AgainstLibcapIT {

    private static final int STATES = 300;

    @Test
    void agreesWithLibcapInEveryState(@TempDir Path directory) throws Exception {
        List<String> questions = new ArrayList<>();
        List<String> ours = new ArrayList<>();
        for (String line : child("1", Integer.toString(STATES))) {
            questions.add(line.split("\t")[0]);
            ours.add(line.split("\t")[1]);
        }
        assertThat(questions).hasSize(6 * STATES);
        List<String> theirs = new Libcap(directory).ask(questions);

        List<String> differences = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            if (!ours.get(i).equals(theirs.get(i)) && !(theirs.get(i).equals("refused")
                    && wantsTooMuch(questions.get(i).split(" "), ours.get(i)))) {
                differences.add(questions.get(i) + ": libcap " + theirs.get(i) + ", the library " + ours.get(i));
            }
        }
        assertThat(differences).isEmpty();
        assertThat(theirs).contains("NOPRIV", "PURE1E_INIT", "PURE1E", "HYBRID", "UNCERTAIN", "refused");
        assertThat(theirs.stream().filter("refused"::equals).count()).isBetween(STATES / 3L, 4L * STATES);
    }

    /**
     * libcap wants CAP_SETPCAP for every mode, and before 2.71 for every tuple with ambient or dropped capabilities; the
     * kernel wants it for a change of the securebits, and for a member of bounding that is dropped. And libcap clears
     * ambient before it raises it again, which a securebit may forbid; the library leaves what is there. KEEPCAPS is a
     * securebit that PR_SET_KEEPCAPS clears without any capability.
     */
    private static boolean wantsTooMuch(String[] question, String ours) {
        String[] before = question[question.length - 1].split("/");
        String[] after = ours.split("/");
        boolean setpcap = (Long.parseLong(before[2], 16) & CapMasks.SETPCAP) != 0;
        boolean ambientStays = (Long.parseLong(before[0], 16) & 0x40) != 0 && !before[5].equals("0");
        long but = ~Long.parseLong("10", 16);
        return (Long.parseLong(after[0], 16) & but) == (Long.parseLong(before[0], 16) & but)
                && (ambientStays || !setpcap && after[1].equals(before[1]));
    }

    private static List<String> child(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dnucleus.caps.log=off", "-cp",
                String.join(File.pathSeparator, System.getProperty("caps.classes"),
                        System.getProperty("caps.testClasses")),
                AgainstLibcap.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return Command.run(command).lines().toList();
    }

    @Test
    void capshSupportsTheSameModes() throws Exception {
        assertThat(Command.lines("capsh", "--modes")).containsExactly("Supported modes: NOPRIV PURE1E_INIT PURE1E HYBRID");
        assertThat(Arrays.stream(Mode.values()).map(Mode::name))
                .containsExactly("NOPRIV", "PURE1E_INIT", "PURE1E", "HYBRID", "UNCERTAIN");
    }

    /** Securebits, an IAB tuple and what is done then, on one thread. */
    static final class Says implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            ThreadCaps caps = Caps.thisThread();
            caps.apply(Iab.parse(args[1]));
            caps.set(SecureBits.parse(args[0]));
            points.say(caps.mode() + " " + caps.iab());
            if (!args[2].equals("UNCERTAIN")) {
                points.threw(() -> caps.enter(Mode.valueOf(args[2])));
            }
            points.say(caps.mode() + " " + caps.iab());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x0,  '',                  PURE1E", "0x0,  ^cap_kill,           PURE1E", "0x0,  ^cap_kill,     PURE1E_INIT",
        "0x2f, '',                  HYBRID", "0xef, '',                  NOPRIV", "0xef, cap_kill,      UNCERTAIN",
        "0xef, '!cap_chown,%cap_kill', PURE1E_INIT", "0x1, !cap_kill,    HYBRID", "0x1,  '',            PURE1E",
        "0xef, ^cap_kill,           UNCERTAIN",
    })
    void agreesWithCapsh(String bits, String iab, String mode) throws Exception {
        List<String> capsh = List.of("capsh", "--iab=" + iab, "--secbits=" + bits, "--mode");
        try (ObservedChild child = ObservedChild.start(Says.class, bits, iab, mode)) {
            assertThat("Mode: " + child.said().split(" ")[0]).isEqualTo(Command.run(capsh).lines().toList().getLast());
            boolean entered = mode.equals("UNCERTAIN") || child.saidNothingThrown();
            String[] said = child.said().split(" ", 2);
            Stream<String> then = mode.equals("UNCERTAIN") ? Stream.of("--print")
                    : entered ? Stream.of("--mode=" + mode, "--print", "--mode") : Stream.of("--print");
            assertThat(Command.run(Stream.concat(capsh.stream(), then).toList()).lines())
                    .contains("Current IAB: " + said[1]).filteredOn(line -> line.startsWith("Mode: ")).last()
                    .isEqualTo("Mode: " + said[0]);
            String[] enter = Stream.concat(capsh.stream(), Stream.of("--mode=" + mode)).toArray(String[]::new);
            assertThat(entered || Command.result(enter).status() != 0).isTrue();
        }
    }

}
