package nucleus.caps.tool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.internal.text.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * The options of a command, and the words after them.
 *
 * @param options the values by option name; an option without a value has an empty one
 * @param operands the words from the first that is no option, or after {@code --}
 */
record CommandLine(Map<String, String> options, List<String> operands) {

    private static final String END = "--";

    /**
     * The options that a command accepts.
     *
     * @param command the name of the command, for messages
     * @param valued the options with a value, as {@code --name VALUE} or {@code --name=VALUE}
     * @param flags the options without a value
     * @param aliases other names of options, for example those of setpriv(1)
     */
    record Accepted(String command, Set<String> valued, Set<String> flags, Map<String, String> aliases) {

        /** The word {@code -} alone is no option: it often names standard input. */
        private static boolean isOption(String word) {
            return word.startsWith("-") && !word.equals("-") && !word.equals(END);
        }

        /** {@return how many words at the beginning are options and their values} */
        int end(List<String> words) {
            int i = 0;
            while (i < words.size() && isOption(words.get(i))) {
                i += valued.contains(aliases.getOrDefault(words.get(i), words.get(i))) ? 2 : 1;
            }
            return Math.min(i, words.size());
        }

        /** {@return the words, taken apart} */
        CommandLine parse(List<String> words) {
            Map<String, String> options = new HashMap<>();
            int i = 0;
            while (i < words.size() && isOption(words.get(i))) {
                String[] parts = words.get(i++).split("=", 2);
                String name = aliases.getOrDefault(parts[0], parts[0]);
                String value = parts.length > 1 ? parts[1] : null;
                if (!valued.contains(name) && !flags.contains(name)) {
                    throw new UsageException(command + " has no option " + Quoted.of(parts[0]));
                }
                if (flags.contains(name) && value != null) {
                    throw new UsageException(parts[0] + " has no value");
                }
                if (valued.contains(name) && value == null && (i == words.size() || words.get(i).equals(END))) {
                    throw new UsageException(parts[0] + " needs a value");
                }
                if (options.put(name, flags.contains(name) ? "" : value != null ? value : words.get(i++)) != null) {
                    throw new UsageException(name + " is given twice");
                }
            }
            int begin = i < words.size() && words.get(i).equals(END) ? i + 1 : i;
            return new CommandLine(Map.copyOf(options), List.copyOf(words.subList(begin, words.size())));
        }
    }

    /** {@return the words of a command without aliases} */
    static CommandLine of(String command, List<String> words, Set<String> flags, Set<String> valued) {
        return new Accepted(command, valued, flags, Map.of()).parse(words);
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    @Nullable
    String get(String option) {
        return options.get(option);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(options.get(option));
    }

    /** Refuses two options that contradict each other. */
    void exclude(String one, String other) {
        if (has(one) && has(other)) {
            throw new UsageException(one + " and " + other + " exclude each other");
        }
    }
}
