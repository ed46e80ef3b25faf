package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a parser is given, it answers: with a value that is written and read back, or with the exception that is
 * documented; soon, and without taking memory out of proportion.
 *
 * <p>How many texts each parser is given says the system property {@code fuzz.rounds}.
 */
class FuzzTest {

    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 20_000);

    /** Rounds that are waited for together: one alone may meet a collection, or another test. */
    private static final int BATCH = 5_000;

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long ALLOCATED_AT_LEAST = 1 << 20;
    private static final long ALLOCATED_PER_LETTER = 256;

    /** It can name each of 64 capabilities, and the start of the text. */
    private static final int LONGEST_MESSAGE = 2_000;

    private static final int WARMING = 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource
    void parsesRandomTextsInTime(FuzzParser parser) {
        FuzzTexts texts = new FuzzTexts(parser.ordinal());
        for (int length = 0; length < WARMING; length++) {
            isTaken(parser, "=".repeat(length)); // classes are loaded, and calls linked
        }
        int taken = 0;
        for (int done = 0; done < ROUNDS; done += BATCH) {
            int batch = Math.min(BATCH, ROUNDS - done);
            taken += assertTimeoutPreemptively(PATIENCE, () -> given(parser, texts, batch), parser::name);
        }
        System.out.printf("fuzz %-10s texts=%d, taken=%d%n", parser, ROUNDS, taken);
        assertThat(taken).isBetween(1, ROUNDS);
    }

    private static int given(FuzzParser parser, FuzzTexts texts, int rounds) {
        int taken = 0;
        for (int i = 0; i < rounds; i++) {
            String text = texts.next();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            taken += isTaken(parser, text) ? 1 : 0;
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).as(parser + " " + shown(text))
                    .isLessThan(ALLOCATED_AT_LEAST + ALLOCATED_PER_LETTER * text.length());
        }
        return taken;
    }

    private static boolean isTaken(FuzzParser parser, String text) {
        try {
            parser.accept(text);
            return true;
        } catch (IllegalArgumentException e) {
            if (e.getClass() == IllegalArgumentException.class && e.getMessage().length() < LONGEST_MESSAGE) {
                return false;
            }
            throw new AssertionError(parser + " " + shown(text), e);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(parser + " " + shown(text), e);
        }
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder().append(text.length()).append(" letters: ");
        text.chars().limit(200).forEach(c -> shown.append(c > 0x20 && c < 0x7f ? Character.toString(c)
                : "\\u%04x".formatted(c)));
        return shown.toString();
    }

    /** Texts of all these languages: whole ones, pieces, mixtures, repetitions, and what is no text at all. */
    private static final class FuzzTexts {

        private static final List<String> PIECES = List.of("cap_", "CAP_CHOWN", "cap_kill", "all", "none", "all-", "=",
                "+", "-", "=ep", "+eip", "-e", ",", " ", "\t", "0x", "0", "63", "64", "077", "99999999999999999999",
                "ffffffffffffffff", "00000000a80425fb", "a80425fb", "!", "^", "%", "\0", "\n", "\u00e9", "\u0131",
                "\ud800", "\udc00", "\uffff", "\u202e", "chown", "net_bind_service", "sys_admin", "noroot", "_locked", "e", "i",
                "p",
                "\1\0\0\2", "\1\0\0\3", "\0\0\0\1", "..", "/", "\"", "'", "%s", "%n", "$", "\\", "{", "}");

        private final Random random;
        private final StateTexts states;

        FuzzTexts(long seed) {
            random = new Random(seed);
            states = new StateTexts(seed);
        }

        String next() {
            return switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> states.next();
                case 4, 5, 6, 7, 8, 9 -> pieces(random.nextInt(8));
                case 10 -> pieces(random.nextInt(200));
                case 11 -> letters(random.nextInt(64), 0x10000);
                case 12 -> letters(random.nextInt(64), 0x100);
                case 13 -> letters(4 * random.nextInt(8), 4);
                case 14 -> Long.toHexString(random.nextLong() >>> random.nextInt(64));
                default -> random.nextInt(64) == 0 ? pieces(4).repeat(random.nextInt(20_000)) : pieces(1 + random.nextInt(3));
            };
        }

        private String pieces(int count) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            return text.toString();
        }

        private String letters(int count, int bound) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < count; i++) {
                text.append((char) random.nextInt(bound));
            }
            return text.toString();
        }
    }
}
