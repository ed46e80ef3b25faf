package nucleus.caps.tool;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the name that a mistyped word probably means. */
final class Nearest {

    private static final int FARTHEST = 2;

    private Nearest() {
    }

    /** {@return the name that needs the fewest changes to become the word, if these are at most two and some letters stay} */
    static Optional<String> to(String word, List<String> names) {
        return names.stream().filter(name -> Math.abs(name.length() - word.length()) <= FARTHEST)
                .filter(name -> distance(name, word) <= Math.min(FARTHEST, word.length() - 1))
                .min(Comparator.comparingInt(name -> distance(name, word)));
    }

    /** The Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            int diagonal = i;
            for (int j = 0; j <= b.length(); j++) {
                int above = row[j];
                if (i == 0 || j == 0) {
                    row[j] = i + j;
                } else {
                    int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                    row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
                }
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
