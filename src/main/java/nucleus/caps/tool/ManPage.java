package nucleus.caps.tool;

import java.util.List;
import java.util.stream.Collectors;

/** The manual page, in the macros of man(7). */
final class ManPage {

    private ManPage() {
    }

    static String of(Manual manual) {
        ManualEntry program = manual.program();
        StringBuilder page = new StringBuilder(".TH CAPS 1 \"\" nucleus.caps \"User Commands\"\n");
        page.append(".SH NAME\n").append(program.name()).append(" \\- ").append(escaped(program.summary())).append('\n');
        page.append(".SH SYNOPSIS\n").append(usage(program.name(), program.usage()));
        page.append(".SH DESCRIPTION\n").append(paragraphs(program.text()));
        page.append(".SH OPTIONS\n").append(options(program));
        page.append(".SH COMMANDS\n");
        for (ManualEntry command : manual.commands()) {
            page.append(".SS ").append(escaped(command.name())).append('\n');
            page.append(usage("caps " + command.name(), command.usage()));
            page.append(paragraphs(List.of(HelpText.sentence(command.summary()))));
            page.append(paragraphs(command.text()));
            page.append(options(command));
            if (!command.exits().isEmpty()) {
                page.append(".PP\nExit status:\n").append(exits(command));
            }
        }
        page.append(".SH \"EXIT STATUS\"\n").append(exits(program));
        return page.append(".SH \"SEE ALSO\"\n").append(program.see().stream().map(ManPage::reference)
                .collect(Collectors.joining(",\n"))).append('\n').toString();
    }

    private static String usage(String name, List<String> forms) {
        return forms.stream().map(form -> ("\\fB" + escaped(name) + "\\fR " + escaped(form)).strip())
                .collect(Collectors.joining("\n.br\n", ".PP\n", "\n"));
    }

    private static String paragraphs(List<String> text) {
        return text.stream().map(paragraph -> ".PP\n" + line(paragraph) + "\n").collect(Collectors.joining());
    }

    private static String options(ManualEntry command) {
        return command.options().stream()
                .map(option -> item("\\fB" + escaped(option.name()) + "\\fR"
                        + (option.kind().isEmpty() ? "" : " \\fI" + escaped(option.kind()) + "\\fR"), option.text()))
                .collect(Collectors.joining());
    }

    private static String exits(ManualEntry command) {
        return command.exits().stream().map(exit -> item("\\fB" + escaped(exit.code()) + "\\fR", exit.text()))
                .collect(Collectors.joining());
    }

    private static String item(String name, String text) {
        return ".TP\n" + name + "\n" + line(text) + "\n";
    }

    private static String reference(String page) {
        return "\\fB" + escaped(page.replaceFirst("\\(.*", "")) + "\\fR" + page.replaceFirst("[^(]*", "");
    }

    /** A line that begins with a dot or an apostrophe would be a macro. */
    private static String line(String text) {
        return text.matches("['.].*") ? "\\&" + escaped(text) : escaped(text);
    }

    /** {@return the text with its backslashes, hyphens, carets and tildes as they are, not as typographic characters} */
    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replace("^", "\\(ha").replace("~", "\\(ti");
    }
}
