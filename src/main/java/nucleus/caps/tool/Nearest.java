package nucleus.caps.tool;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import nucleus.caps.internal.text.Levenshtein;

/** Finds the name that a mistyped word probably means. */
final class Nearest {

    private static final int FARTHEST = 2;

    private Nearest() {
    }

    /** {@return the name that needs the fewest changes to become the word, if these are at most two and some letters stay} */
    static Optional<String> to(String word, List<String> names) {
        return names.stream().filter(name -> Math.abs(name.length() - word.length()) <= FARTHEST)
                .filter(name -> Levenshtein.distance(name, word) <= Math.min(FARTHEST, word.length() - 1))
                .min(Comparator.comparingInt(name -> Levenshtein.distance(name, word)));
    }
}
