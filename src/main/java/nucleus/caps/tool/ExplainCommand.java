package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import nucleus.caps.Capability;
import nucleus.caps.internal.text.Numbers;

/** {@code caps explain}. */
final class ExplainCommand {

    private static final int WIDTH = 80;
    private static final String INDENT = "    ";

    private ExplainCommand() {
    }

    /** {@return whether a capability was found} */
    static boolean run(PrintWriter out, PrintWriter err, List<String> words) {
        if (words.isEmpty()) {
            List.of(Capability.values()).forEach(capability -> out.println(heading(capability)));
            return true;
        }
        if (words.stream().anyMatch(String::isBlank)) {
            throw new UsageException("explain needs a NAME, a NUMBER or a WORD, and one is blank");
        }
        List<Capability> found = found(words);
        found.forEach(capability -> {
            out.println(heading(capability));
            out.print(paragraph(capability.explanation()));
        });
        if (found.isEmpty()) {
            err.println("caps: no capability is explained with " + Line.shortened(words.stream().map(Line::shown)
                    .collect(Collectors.joining(" and "))));
        }
        return !found.isEmpty();
    }

    private static List<Capability> found(List<String> words) {
        if (words.stream().allMatch(word -> word.matches("(?is)cap_.*|[0-9]+|0x[0-9a-f]+"))) {
            return words.stream().map(ExplainCommand::named).toList();
        }
        return Capability.about(words.toArray(String[]::new));
    }

    private static Capability named(String name) {
        if (Numbers.begins(name)) {
            int number = (int) Line.number("a capability's number", name, 0, Long.SIZE - 1);
            return Capability.of(number)
                    .orElseThrow(() -> new UsageException("no capability with a name here has the number " + number));
        }
        try {
            return Capability.of(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static String heading(Capability capability) {
        return capability.text() + " (" + capability.number() + "), Linux " + capability.since() + ": "
                + capability.allows();
    }

    private static String paragraph(String text) {
        StringBuilder lines = new StringBuilder();
        int column = WIDTH;
        for (String word : text.split(" ", -1)) {
            if (column + 1 + word.length() > WIDTH) {
                lines.append(lines.isEmpty() ? "" : System.lineSeparator()).append(INDENT).append(word);
                column = INDENT.length() + word.length();
            } else {
                lines.append(' ').append(word);
                column += 1 + word.length();
            }
        }
        return lines.append(System.lineSeparator()).toString();
    }
}
