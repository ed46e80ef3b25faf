package nucleus.caps.tool;

import java.util.List;
import java.util.stream.Collectors;

/** The help texts, for a terminal of 80 columns. */
final class HelpText {

    private static final int WIDTH = 80;
    private static final int COLUMN = 24;
    private static final String UNBROKEN = "\u00a0";

    private HelpText() {
    }

    /** {@return one line for each command} */
    static String brief(Manual manual) {
        ManualEntry program = manual.program();
        int column = 4 + manual.commands().stream().mapToInt(command -> command.name().length()).max().orElse(0);
        return usage("usage: ", program.name(), program.usage())
                + "\n"
                + manual.commands().stream().map(command -> item(command.name(), command.summary(), column))
                        .collect(Collectors.joining())
                + "\n"
                + "caps help COMMAND explains a command. caps man prints all of this as a page.\n";
    }

    /** {@return everything about a command} */
    static String of(Manual manual, ManualEntry command) {
        List<ManualEntry.Exit> exits = command.exits().isEmpty() ? manual.program().exits() : command.exits();
        StringBuilder help = new StringBuilder(usage("usage: ", "caps " + command.name(), command.usage()));
        help.append('\n').append(wrapped(sentence(command.summary()), 0));
        command.text().forEach(paragraph -> help.append(wrapped(paragraph, 0)));
        if (!command.options().isEmpty()) {
            help.append('\n');
            command.options().forEach(option -> help.append(item((option.name() + " " + option.kind()).strip(),
                    option.text(), COLUMN)));
        }
        help.append("\nexit code:\n");
        exits.forEach(exit -> help.append(item(exit.code(), exit.text(), COLUMN)));
        return help.toString();
    }

    /** {@return the text with a capital letter and a full stop} */
    static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    private static String usage(String title, String name, List<String> forms) {
        StringBuilder lines = new StringBuilder();
        String before = title + name + " ";
        for (String form : forms) {
            String unbroken = form.replaceAll(" (?=[^\\[\\]]*\\])", UNBROKEN); // within brackets
            String line = before + wrapped(unbroken, before.length()).stripLeading().replace(UNBROKEN, " ");
            lines.append(line.stripTrailing()).append('\n');
            before = " ".repeat(title.length()) + name + " ";
        }
        return lines.toString();
    }

    /** A name, and its text from a column on. The text of a long name begins on the next line. */
    private static String item(String name, String text, int column) {
        String begin = "  " + name;
        String rest = wrapped(text, column);
        return begin.length() + 2 > column ? begin + "\n" + rest : begin + rest.substring(begin.length());
    }

    private static String wrapped(String text, int column) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder(" ".repeat(column));
        for (String word : text.split(" ", -1)) {
            if (line.length() > column && line.length() + 1 + word.length() > WIDTH) {
                lines.append(line).append('\n');
                line.setLength(column);
            }
            line.append(line.length() > column ? " " : "").append(word);
        }
        return lines.append(line).append('\n').toString();
    }
}
