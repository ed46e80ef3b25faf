package nucleus.caps.internal.text;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * The names of capabilities, as people write them.
 *
 * @param names the names in capitals, {@code CAP_CHOWN}; the index of a name is the number of the capability
 */
public record CapabilityNames(List<String> names) {

    private static final int LONGEST = 64;

    /**
     * {@return the number of a capability}
     *
     * @param name with or without {@code CAP_}, in any case
     * @throws IllegalArgumentException if no capability has this name; the message says what to write instead
     */
    public int number(String name) {
        String full = full(name);
        int number = names.indexOf(full);
        if (number < 0) {
            String advice = ForeignWord.advice(name.strip());
            throw new IllegalArgumentException("no capability is named " + Quoted.of(name) + "; " + (advice.isEmpty()
                    ? "the nearest is " + nearest(full).toLowerCase(Locale.ROOT) : advice));
        }
        return number;
    }

    /** {@return the number of the capability with exactly this name, in any case; -1 if there is none} */
    int exactly(String name) {
        for (int number = 0; number < names.size(); number++) {
            if (names.get(number).equalsIgnoreCase(name)) {
                return number;
            }
        }
        return -1;
    }

    /** {@return the name of a capability in libcap's form, or its number if it has no name} */
    public String text(int number) {
        return number < names.size() ? names.get(number).toLowerCase(Locale.ROOT) : Integer.toString(number);
    }

    /** {@return the names of the members of a mask, separated by commas} */
    public String list(long mask) {
        StringJoiner list = new StringJoiner(",");
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            list.add(text(Long.numberOfTrailingZeros(rest)));
        }
        return list.toString();
    }

    /** {@return the name most similar to a word} It starts with the word, or needs the fewest changes. */
    public String nearestTo(String word) {
        return nearest(full(word));
    }

    /** Converts only ASCII words to upper case: some other letters have an ASCII capital, and no name contains them. */
    private static String full(String name) {
        String trimmed = name.strip();
        boolean ascii = trimmed.chars().allMatch(c -> c < 0x80);
        String upper = ascii ? trimmed.toUpperCase(Locale.ROOT) : trimmed;
        return upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    }

    private String nearest(String full) {
        // Ignores the end of a word that is longer than any name.
        String bounded = full.substring(0, Math.min(full.length(), LONGEST));
        return names.stream()
                .min(Comparator.comparing((String name) -> bounded.equals("CAP_") || !name.startsWith(bounded))
                        .thenComparingInt(name -> Levenshtein.distance(name, bounded)))
                .orElseThrow();
    }
}
