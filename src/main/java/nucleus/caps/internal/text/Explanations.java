package nucleus.caps.internal.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A paragraph for each capability, from {@code explanations.txt}. A paragraph in the file is a line with the name, then the
 * text. The paragraphs are in the order of the capability numbers.
 */
public final class Explanations {

    private static final String FILE = "explanations.txt";

    private final List<Explanation> byNumber = new ArrayList<>();

    /** A paragraph, and the words that find it. */
    private record Explanation(String name, String paragraph, Set<String> words) {

        boolean hasWord(String beginning) {
            return words.stream().anyMatch(word -> word.startsWith(beginning));
        }

        boolean isNamed(List<String> words) {
            return words.contains(name) || words.contains(name.substring(4));
        }
    }

    /**
     * Reads the paragraphs.
     *
     * @param summaries a summary of each capability, by number; its words find the capability
     * @throws IllegalStateException if the file is missing, is unreadable, or does not have one paragraph for each capability
     */
    public Explanations(CapabilityNames names, List<String> summaries) {
        String[] paragraphs = read().split("\n\n", -1);
        for (int number = 0; number < paragraphs.length; number++) {
            String[] nameAndText = paragraphs[number].strip().split("\n", 2);
            if (names.number(nameAndText[0]) != number) {
                throw new IllegalStateException(FILE + " has " + nameAndText[0] + " where the next name must be"
                        + " " + names.text(number));
            }
            String text = nameAndText[1].replace('\n', ' ');
            byNumber.add(new Explanation(names.text(number), text, words(names.text(number), summaries.get(number), text)));
        }
        if (byNumber.size() != summaries.size()) {
            throw new IllegalStateException(FILE + " ends before " + names.text(byNumber.size()));
        }
    }

    /** {@return the paragraph of a capability} */
    public String of(int number) {
        return byNumber.get(number).paragraph();
    }

    /** {@return the capabilities with a word that starts with each given word; capabilities of that name come first} */
    public IntStream about(List<String> words) {
        List<String> beginnings = words.stream().map(word -> word.toLowerCase(Locale.ROOT)).distinct().toList();
        return IntStream.range(0, byNumber.size()).boxed()
                .filter(number -> beginnings.stream().allMatch(byNumber.get(number)::hasWord))
                .sorted(Comparator.comparing(number -> !byNumber.get(number).isNamed(beginnings)))
                .mapToInt(Integer::intValue);
    }

    private static String read() {
        try (InputStream in = Explanations.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the jar or directory of this library");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(FILE + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Includes names like net_bind_service as a whole and in parts. */
    private static Set<String> words(String name, String summary, String paragraph) {
        String text = String.join(" ", name, name.substring(4), summary, paragraph).toLowerCase(Locale.ROOT);
        Set<String> words = new HashSet<>(List.of(text.split("[^a-z0-9_]+")));
        words.addAll(List.of(text.split("[^a-z0-9]+")));
        return words;
    }
}
