package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import nucleus.caps.tool.CapsTool;
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

    enum Parser {
        STATE {
            @Override
            void accept(String text) {
                CapabilityState state = CapabilityState.parse(text);
                assertThat(CapabilityState.parse(state.toString())).isEqualTo(state);
            }
        },
        IAB {
            @Override
            void accept(String text) {
                Iab iab = Iab.parse(text);
                assertThat(Iab.parse(iab.toString())).isEqualTo(iab);
            }
        },
        SECURE_BITS {
            @Override
            void accept(String text) {
                SecureBits bits = SecureBits.parse(text);
                assertThat(SecureBits.parse(bits.toString())).isEqualTo(bits);
            }
        },
        OCI_NAMES {
            @Override
            void accept(String text) {
                CapabilitySet set = OciNames.parse(List.of(text.split("[, ]")));
                assertThat(OciNames.parse(OciNames.of(set))).isEqualTo(set);
            }
        },
        SET {
            @Override
            void accept(String text) {
                CapabilitySet set = CapabilitySet.parse(text);
                assertThat(CapabilitySet.parse(set.toString())).isEqualTo(set);
            }
        },
        MASK {
            @Override
            void accept(String text) {
                CapabilitySet set = CapabilitySet.ofMask(text);
                assertThat(CapabilitySet.ofMask(set.mask())).isEqualTo(set);
            }
        },
        NAME {
            @Override
            void accept(String text) {
                assertThat(Capability.of(text).text()).endsWithIgnoringCase(text.strip());
            }
        },
        FILE_TEXT {
            @Override
            void accept(String text) {
                FileCapabilities capabilities = FileCapabilities.parse(text);
                assertThat(FileCapabilities.decode(capabilities.encode())).isEqualTo(capabilities);
            }
        },
        FILE_BYTES {
            @Override
            void accept(String text) {
                byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
                byte[] framed = Arrays.copyOf(bytes, Math.min(bytes.length, 24));
                if (framed.length > 3 && (framed[3] & 4) == 0) {
                    framed[3] &= 3; // else no version would ever be right
                }
                FileCapabilities capabilities = FileCapabilities.decode(framed);
                assertThat(FileCapabilities.decode(capabilities.encode())).isEqualTo(capabilities);
            }
        },
        OCI {
            @Override
            void accept(String text) {
                CapabilitySets sets = CapabilitySets.ofOci(Map.of("ambient", List.of(text.split("[, ]"))));
                assertThat(CapabilitySets.ofOci(sets.toOci())).isEqualTo(sets);
            }
        },
        WORD {
            @Override
            void accept(String text) {
                assertThat(Capability.about(text.split(" "))).doesNotHaveDuplicates();
            }
        },
        COMMAND {
            private static final List<String> COMMANDS = List.of("decode", "explain", "file set", "file frob", "ps -");

            @Override
            void accept(String text) {
                String words = COMMANDS.get(text.length() % COMMANDS.size()) + " " + text.replace(' ', ',').trim();
                PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
                assertThat(new CapsTool().run(nowhere, nowhere, words.split(" "))).isBetween(0, 2);
            }
        };

        abstract void accept(String text);
    }

    @ParameterizedTest
    @EnumSource
    void noTextIsTooMuch(Parser parser) {
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

    private static int given(Parser parser, FuzzTexts texts, int rounds) {
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

    private static boolean isTaken(Parser parser, String text) {
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
                "\ud800", "\udc00", "\uffff", "\u202e", "chown", "net_bind_service", "sys_admin", "noroot", "_locked", "e", "i", "p",
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
