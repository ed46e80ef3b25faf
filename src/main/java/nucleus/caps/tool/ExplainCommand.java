package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;

/** {@code caps explain} and {@code caps decode}. */
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
        List<Capability> found = found(words);
        found.forEach(capability -> {
            out.println(heading(capability));
            out.print(paragraph(capability.explanation()));
        });
        if (found.isEmpty()) {
            err.println("caps: no capability is explained with " + words.stream().map(Line::shown)
                    .collect(Collectors.joining(" and ")));
        }
        return !found.isEmpty();
    }

    private static List<Capability> found(List<String> words) {
        if (words.stream().allMatch(word -> word.matches("(?i)cap_.*|[0-9]{1,2}"))) {
            return words.stream().map(ExplainCommand::named).toList();
        }
        return Capability.about(words.toArray(String[]::new));
    }

    private static Capability named(String name) {
        if (name.matches("[0-9]+")) {
            return Capability.of(Integer.parseInt(name))
                    .orElseThrow(() -> new UsageException("no capability with a name here has the number " + name));
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

    static void decode(PrintWriter out, List<String> words) {
        if (words.isEmpty()) {
            throw new UsageException("decode needs a MASK, as in 00000000a80425fb");
        }
        List<CapabilitySet> sets = words.stream().map(ExplainCommand::mask).toList();
        sets.forEach(set -> out.println("0x" + set.mask() + "=" + names(set)));
    }

    private static CapabilitySet mask(String word) {
        try {
            return CapabilitySet.ofMask(word);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static String names(CapabilitySet set) {
        return set.numbers().mapToObj(n -> Capability.of(n).map(Capability::text).orElse(Integer.toString(n)))
                .collect(Collectors.joining(","));
    }
}
