package nucleus.caps;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A paragraph for each capability, from {@code explanations.txt}: a line with its name, then the text. */
final class Explanations {

    private static final String FILE = "explanations.txt";

    /** Read when the first of them is asked for; and again where that failed. */
    private static volatile Map<Capability, Explanation> all;

    /** A paragraph, and what it is found by. */
    private record Explanation(String paragraph, Set<String> words) {
        boolean hasWord(String beginning) {
            return words.stream().anyMatch(word -> word.startsWith(beginning));
        }
    }

    private Explanations() {
    }

    static String of(Capability capability) {
        return all().get(capability).paragraph();
    }

    static List<Capability> about(List<String> words) {
        List<String> beginnings = words.stream().map(word -> word.toLowerCase(Locale.ROOT)).distinct().toList();
        return Stream.of(Capability.values())
                .filter(capability -> beginnings.stream().allMatch(all().get(capability)::hasWord))
                .sorted(Comparator.comparing(capability -> !isNamed(capability, beginnings))).toList();
    }

    private static boolean isNamed(Capability capability, List<String> words) {
        return words.contains(capability.text()) || words.contains(capability.text().substring(4));
    }

    private static Map<Capability, Explanation> all() {
        Map<Capability, Explanation> known = all;
        if (known == null) {
            known = read();
            all = known;
        }
        return known;
    }

    private static Map<Capability, Explanation> read() {
        try (InputStream in = Explanations.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing beside the classes of this library");
            }
            Map<Capability, Explanation> read = new EnumMap<>(Capability.class);
            for (String paragraph : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n")) {
                String[] nameAndText = paragraph.strip().split("\n", 2);
                Capability capability = Capability.of(nameAndText[0]);
                String text = nameAndText[1].replace('\n', ' ');
                read.put(capability, new Explanation(text, words(capability, text)));
            }
            return read;
        } catch (IOException e) {
            throw new IllegalStateException(FILE + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Names like net_bind_service are known as a whole and by their parts. */
    private static Set<String> words(Capability capability, String paragraph) {
        String text = String.join(" ", capability.text(), capability.text().substring(4), capability.allows(),
                paragraph).toLowerCase(Locale.ROOT);
        Set<String> words = new HashSet<>(List.of(text.split("[^a-z0-9_]+")));
        words.addAll(List.of(text.split("[^a-z0-9]+")));
        return words;
    }
}
