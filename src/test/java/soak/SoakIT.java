package soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Round after round, each of which leaves another mark on every thread of a JVM that has much else to do. After each
 * the marks are read from here; no thread of that JVM may notice.
 *
 * <p>How many rounds there are in each setup says the system property {@code soak.rounds}.
 */
@EnabledIf("canBeMarked")
class SoakIT {

    private static final int ROUNDS = Integer.getInteger("soak.rounds", 45);

    /** How many idle threads come on top, from one part of a soak to the next. */
    private static final List<Integer> GROWTH = List.of(0, 64, 192);

    private static final StringBuilder REPORT = new StringBuilder(
            "%d processors%n%s".formatted(Runtime.getRuntime().availableProcessors(), Latencies.HEADING));

    @TempDir
    private Path directory;

    static boolean canBeMarked() {
        return Long.parseUnsignedLong(Conversation.property("caps.held"), 16) != 0;
    }

    @ParameterizedTest
    @EnumSource
    void everyThreadHasEveryMarkAndNoneNotices(Setup setup) throws Exception {
        Path recording = directory.resolve("soak.jfr");
        try (Conversation child = new Conversation(setup.options(recording))) {
            child.hear(SoakChild.READY);
            Mask mask = Mask.of(child.proc());
            TaskCheck check = new TaskCheck(child.proc(), mask);
            int round = 0;
            for (int growth : GROWTH) {
                child.say(SoakChild.GROW + setup.part(growth));
                child.hear(SoakChild.GROWN);
                int rounds = Math.ceilDiv(setup.part(ROUNDS), GROWTH.size());
                Latencies latencies = new Latencies(rounds);
                for (int i = 0; i < rounds; i++) {
                    round(child, mask, check, ++round, latencies);
                }
                REPORT.append(latencies.line(setup.name()));
            }
            child.say(SoakChild.END);
            child.hear(SoakChild.DONE);
            assertThat(child.exitCode()).isZero();
            assertThat(child.others()).isEmpty();
            assertThat(check.checked()).isGreaterThan(20L * round);
            REPORT.append("%s: threads checked=%d, %s%n".formatted(setup, check.checked(), child.counts()));
        }
        if (setup == Setup.JFR) {
            REPORT.append("JFR: samples of threads=%d%n".formatted(samples(recording)));
        }
    }

    private static void round(Conversation child, Mask mask, TaskCheck check, int round, Latencies latencies)
            throws Exception {
        child.say(SoakChild.ANOTHER_ROUND);
        String[] words = child.hear(SoakChild.ROUND).split(" ");
        assertThat(words[0]).isEqualTo(Integer.toString(round));
        assertThat(words[1]).isEqualTo(Long.toHexString(mask.after(round)));
        check.everyThreadHas(mask.after(round));
        latencies.add(Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    /** {@return how many there are: without any it was no soak under JFR} */
    private static long samples(Path recording) throws IOException {
        long samples = 0;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                String event = file.readEvent().getEventType().getName();
                if (event.equals("jdk.ExecutionSample") || event.equals("jdk.NativeMethodSample")) {
                    samples++;
                }
            }
        }
        assertThat(samples).isGreaterThan(ROUNDS);
        return samples;
    }

    @Test
    void theSoakSeesWhatIsWrong() throws Exception {
        try (Conversation child = new Conversation(List.of("-XX:+UseSerialGC"))) {
            child.hear(SoakChild.READY);
            Mask mask = Mask.of(child.proc());
            TaskCheck check = new TaskCheck(child.proc(), mask);
            round(child, mask, check, 1, new Latencies(1));
            assertThatThrownBy(() -> check.everyThreadHas(mask.after(2))).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("of round 2");
            child.say(SoakChild.DISTURB);
            assertThatThrownBy(() -> child.hear(SoakChild.DONE)).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("sleep ended by itself");
        }
    }

    /** After each: a soak that is cut short has told what it saw. */
    @AfterEach
    void write() throws IOException {
        Files.writeString(Path.of(Conversation.property("caps.classes")).resolveSibling("soak.txt"), REPORT);
    }

    @AfterAll
    static void print() {
        System.out.print(REPORT);
    }
}
