package nucleus.caps.tool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nucleus.caps.internal.text.Quoted;

/**
 * The words of a command, as options and operands. A word that begins with {@code -} is an option, except {@code -} itself
 * and the words after {@code --}.
 *
 * @param options the values by option name; an option without a value has an empty one
 * @param operands the other words, in order
 */
record Arguments(Map<String, String> options, List<String> operands) {

    private static final String END = "--";

    /**
     * {@return the words of a command whose options all stand before its first operand} The words after it are operands,
     * whatever they begin with: they can be names of files that a shell has inserted.
     *
     * @param command the name of the command, for messages
     * @param words the words after the name
     * @param flags the options without a value
     * @param valued the options with a value, which is the next word
     * @throws UsageException if an option is unknown, is given twice, or lacks its value
     */
    static Arguments leading(String command, List<String> words, Set<String> flags, Set<String> valued) {
        Map<String, String> options = new HashMap<>();
        int at = 0;
        while (at < words.size() && isOption(words.get(at))) {
            String word = words.get(at++);
            if (word.equals(END)) {
                break;
            }
            String value = "";
            if (valued.contains(word)) {
                if (at == words.size()) {
                    throw new UsageException(word + " needs a value");
                }
                value = words.get(at++);
            } else if (!flags.contains(word)) {
                throw new UsageException(command + " has no option " + Quoted.of(word));
            }
            if (options.put(word, value) != null) {
                throw new UsageException(word + " is given twice");
            }
        }
        return new Arguments(Map.copyOf(options), List.copyOf(words.subList(at, words.size())));
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    private static boolean isOption(String word) {
        return word.startsWith("-") && !word.equals("-");
    }
}
