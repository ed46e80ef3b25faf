package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What libcap reads and writes as IAB text, the library reads and writes; what libcap refuses, it refuses. */
class IabAgainstLibcapTest {

    private static final int INPUTS = 220_000;
    private static final String ALPHABET = "!^%,_ \tcapCAPxX0123456789abcdefklo-+=\u00e9\u212a\ud83d\ude00";

    private final Random random = new Random(20261123);

    @TempDir
    private Path directory;

    @Test
    void parsesEachTextAsLibcap() throws IOException {
        Libcap libcap = new Libcap(directory);
        CapabilitySet known = new CapabilitySet((1L << Integer.parseInt(libcap.ask(List.of("max")).getFirst())) - 1);
        List<String> texts = texts();
        List<String> answers = libcap.ask(texts.stream().map(text -> "iab " + Libcap.encoded(text) + " "
                + Libcap.encoded(canonical(text))).toList());

        List<String> differences = new ArrayList<>();
        int accepted = 0;
        for (int i = 0; i < texts.size(); i++) {
            String expected = expected(texts.get(i), known);
            accepted += expected.equals("refused") ? 0 : 1;
            String theirs = LeadingZero.isIn(texts.get(i)) ? "refused" : answers.get(i);
            if (!theirs.equals(expected)) {
                differences.add(texts.get(i) + ": libcap " + answers.get(i) + ", the library " + expected);
            }
        }
        assertThat(differences).isEmpty();
        assertThat(texts.stream().distinct()).hasSizeGreaterThan(200_000);
        assertThat(accepted).isBetween(60_000, 180_000);
    }

    /** The text that the library writes; where it refuses, nothing. */
    private static String canonical(String text) {
        try {
            return Iab.parse(text).toString();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** libcap tells and writes only of what the kernel knows; of the rest, whether it reads what the library writes. */
    private static String expected(String text, CapabilitySet known) {
        Iab iab;
        try {
            iab = Iab.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).matches("invalid IAB text, at [0-9]+ of .*: .*");
            return "refused";
        }
        Iab told = new Iab(iab.inheritable().intersect(known), iab.ambient().intersect(known),
                iab.dropped().intersect(known));
        return "%x %x %x %s same".formatted(told.inheritable().bits(), told.ambient().bits(), told.dropped().bits(),
                Libcap.encoded(told.toString()));
    }

    /** By the grammar, then by the grammar with a few characters changed, then of characters alone. */
    private List<String> texts() {
        List<String> texts = new ArrayList<>(List.of("", ",", "!", "^%!", "cap_chown,", "!,cap_chown", "all", "0", "08",
                "0x", "0X3f", "63", "64", "077", "0100", "18446744073709551616", "-1", "cap_chown cap_kill", " cap_kill",
                "cap_chown\n", "!cap_sys_admin,^cap_chown,%cap_kill", "!%^cap_kill", "!!cap_kill", "chown", "cap_",
                "CAP_CHOWN", "cap_chown0", "cap_chown,,cap_kill", ",cap_kill", "cap_kill,!", "^^^63", "1e", "+5"));
        for (int i = 0; i < INPUTS; i++) {
            String grammatical = grammatical();
            String text = i % 20 == 0 ? characters() : i % 2 == 0 ? grammatical : mutated(grammatical);
            texts.add(Libcap.withoutBinary(text));
        }
        return texts;
    }

    private String grammatical() {
        List<String> members = new ArrayList<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            StringBuilder member = new StringBuilder();
            for (int j = random.nextInt(3); j > 0; j--) {
                member.append("!^%".charAt(random.nextInt(3)));
            }
            members.add(member.append(capability()).toString());
        }
        return String.join(",", members) + (random.nextInt(20) == 0 ? "," : "");
    }

    private String capability() {
        int number = random.nextInt(66);
        return switch (random.nextInt(8)) {
            case 0 -> Integer.toString(number);
            case 1 -> "0x" + Integer.toHexString(number);
            case 2 -> "0" + Integer.toOctalString(number);
            case 3 -> Capability.values()[random.nextInt(Capability.values().length)].name();
            default -> mixed(Capability.values()[random.nextInt(Capability.values().length)].text());
        };
    }

    private String mixed(String name) {
        int at = random.nextInt(4 * name.length());
        return at >= name.length() ? name
                : name.substring(0, at) + name.substring(at, at + 1).toUpperCase(Locale.ROOT) + name.substring(at + 1);
    }

    private String mutated(String text) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            int at = random.nextInt(mutated.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> mutated.insert(at, character());
                case 1 -> mutated.delete(at, Math.min(mutated.length(), at + 1));
                default -> mutated.replace(at, Math.min(mutated.length(), at + 1), character());
            }
        }
        return mutated.toString();
    }

    private String characters() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            text.append(character());
        }
        return text.toString();
    }

    private String character() {
        return new String(Character.toChars(ALPHABET.codePointAt(
                ALPHABET.offsetByCodePoints(0, random.nextInt(ALPHABET.codePointCount(0, ALPHABET.length()))))));
    }
}
