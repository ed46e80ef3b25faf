package nucleus.caps.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nucleus.caps.Capability;
import nucleus.caps.SecureBit;
import nucleus.caps.internal.text.Quoted;

/**
 * The scripts that complete commands in a shell. Each is a table of words, made from the manual, and the code of the shell, a
 * resource.
 *
 * <p>The table is a shell function. For a key, it prints words: the commands, the options of a command, the members of a list,
 * or how an option or operand is completed.
 */
final class Completion {

    private static final List<String> SHELLS = List.of("bash", "zsh");

    private final Manual manual;
    private final Map<String, String> table = new LinkedHashMap<>();

    private Completion(Manual manual) {
        this.manual = manual;
    }

    static String of(Manual manual, List<String> words) {
        if (words.size() != 1 || !SHELLS.contains(words.getFirst())) {
            throw new UsageException("completion is for " + String.join(" or ", SHELLS)
                    + (words.isEmpty() ? "" : ", not " + Quoted.of(String.join(" ", words))));
        }
        String shell = words.getFirst();
        return (shell.equals("zsh") ? "#compdef caps\n" : "") + "# Printed by: caps completion " + shell + "\n\n"
                + new Completion(manual).table() + "\n" + Manual.resource("completion." + shell);
    }

    private String table() {
        table.put("commands", String.join(" ", manual.names()));
        table.put("CAP", Stream.of(Capability.values()).map(capability -> capability.text().substring("cap_".length()))
                .collect(Collectors.joining(" ", "all none ", "")));
        table.put("BIT", Stream.of(SecureBit.values()).map(SecureBit::text)
                .map(name -> name + " " + name + "_locked").collect(Collectors.joining(" ")));
        put("caps", manual.program());
        for (ManualEntry command : manual.commands()) {
            String[] words = command.name().split(" ", 2);
            if (words.length > 1) {
                table.merge(words[0] + " commands", words[1], (all, one) -> all + " " + one);
            }
            put(command.name(), command);
        }
        return table.entrySet().stream()
                .map(entry -> "    '" + entry.getKey() + "') printf '%s\\n' '" + entry.getValue() + "' ;;\n")
                .collect(Collectors.joining("", "_caps_words() {\n    case $1 in\n", "    esac\n}\n"));
    }

    private void put(String name, ManualEntry command) {
        table.put(name + " options", Stream.concat(command.options().stream().map(ManualEntry.Option::name),
                Stream.of("--help")).collect(Collectors.joining(" ")));
        command.options().stream().filter(option -> !option.kind().isEmpty())
                .forEach(option -> table.put(name + " " + option.name(), rule(option.kind())));
        command.operands().forEach(kind -> table.put(name + " operand", rule(kind)));
    }

    private String rule(String kind) {
        return switch (kind) {
            case "USER", "PID", "PATH", "COMMAND" -> kind;
            case "NAME" -> "WORDS " + String.join(" ", manual.names());
            case "CAP" -> "WORDS " + Stream.of(Capability.values()).map(Capability::text).collect(Collectors.joining(" "));
            case "CAP,...", "BIT,..." -> "LIST " + kind.replace(",...", "");
            default -> kind.contains("|") ? "WORDS " + kind.replace('|', ' ') : "NONE";
        };
    }
}
