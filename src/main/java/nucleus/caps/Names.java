package nucleus.caps;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** From a name that a person wrote to a capability. */
final class Names {

    private static final Map<String, Capability> BY_NAME = Arrays.stream(Capability.values())
            .collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    private static final int LONGEST = 64;

    private Names() {
    }

    static Capability capability(String name) {
        String full = full(name);
        Capability found = BY_NAME.get(full);
        if (found == null) {
            throw new IllegalArgumentException(
                    "no capability is named " + quoted(name) + "; the nearest is " + nearest(full).text());
        }
        return found;
    }

    /** Text from elsewhere, as an error message can hold it: short, and without what would disturb a terminal. */
    static String quoted(String text) {
        String start = text.substring(0, Math.min(text.length(), LONGEST));
        return "\"" + start.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?") + (start.length() < text.length() ? "…" : "") + "\"";
    }

    /** Of letters beyond ASCII some have an upper case within: those are no spellings of a name. */
    private static String full(String name) {
        String trimmed = name.strip();
        boolean ascii = trimmed.chars().allMatch(c -> c < 0x80);
        String upper = ascii ? trimmed.toUpperCase(Locale.ROOT) : trimmed;
        return upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    }

    /** For a name in any spelling that is none. */
    static Capability nearestTo(String name) {
        return nearest(full(name));
    }

    /** A name that begins as the given one does, else one that needs the fewest changes. */
    private static Capability nearest(String full) {
        // What is longer than any name is not compared to its end.
        String bounded = full.substring(0, Math.min(full.length(), LONGEST));
        return Arrays.stream(Capability.values())
                .min(Comparator.comparing((Capability c) -> bounded.equals("CAP_") || !c.name().startsWith(bounded))
                        .thenComparingInt(c -> distance(c.name(), bounded))).orElseThrow();
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
