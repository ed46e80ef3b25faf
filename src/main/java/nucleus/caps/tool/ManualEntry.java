package nucleus.caps.tool;

import java.util.List;

/**
 * A command.
 *
 * @param name one word, or two as in {@code file get}
 * @param usage the words after the name, once for each form of the command
 * @param summary one line, without a full stop
 * @param text paragraphs
 * @param operands how a shell completes the words that are no options
 * @param options its options
 * @param exits its exit codes and their meaning, if it has others than the program
 * @param see related manual pages
 */
record ManualEntry(String name, List<String> usage, String summary, List<String> text, List<String> operands,
                   List<Option> options, List<Exit> exits, List<String> see) {

    /**
     * An option.
     *
     * @param name with its hyphens
     * @param kind what its value is, or empty if it has none
     * @param text what it does
     */
    record Option(String name, String kind, String text) {

        private static Option of(String line) {
            String[] parts = line.split(": ", 2);
            String[] words = parts[0].split(" ", 2);
            return new Option(words[0], words.length > 1 ? words[1] : "", parts[1]);
        }
    }

    /**
     * An exit code.
     *
     * @param code a number, or what computes it
     * @param text its meaning
     */
    record Exit(String code, String text) {

        private static Exit of(String line) {
            String[] parts = line.split(": ", 2);
            return new Exit(parts[0], parts[1]);
        }
    }

    static ManualEntry of(List<String> lines) {
        List<String> usage = all(lines, "usage");
        return new ManualEntry(one(lines, "command"), usage.isEmpty() ? List.of("") : usage, one(lines, "summary"),
                all(lines, "text"),
                all(lines, "operand"), all(lines, "option").stream().map(Option::of).toList(),
                all(lines, "exit").stream().map(Exit::of).toList(), all(lines, "see"));
    }

    private static String one(List<String> lines, String keyword) {
        return String.join(" ", all(lines, keyword));
    }

    private static List<String> all(List<String> lines, String keyword) {
        return lines.stream().filter(line -> line.startsWith(keyword + " "))
                .map(line -> line.substring(keyword.length() + 1)).toList();
    }
}
