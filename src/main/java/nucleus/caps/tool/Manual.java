package nucleus.caps.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import nucleus.caps.internal.text.Quoted;

/**
 * What {@code commands.txt} says of the commands.
 *
 * @param program the program itself
 * @param commands its commands, in the order of the help text
 */
record Manual(ManualEntry program, List<ManualEntry> commands) {

    private static final String DATA = "commands.txt";
    private static final String COMMAND = "command";

    static Manual read() {
        List<ManualEntry> entries = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (String line : resource(DATA).replaceAll("\n[ \t]+", " ").lines().toList()) {
            if (line.startsWith(COMMAND + " ") && !block.isEmpty()) {
                entries.add(ManualEntry.of(block));
                block.clear();
            }
            if (!line.isBlank() && !line.startsWith("#")) {
                block.add(line);
            }
        }
        entries.add(ManualEntry.of(block));
        return new Manual(entries.getFirst(), List.copyOf(entries.subList(1, entries.size())));
    }

    /** {@return a text file beside this class} */
    static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Manual.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the first words of all commands} */
    List<String> names() {
        return commands.stream().map(command -> command.name().split(" ", 2)[0]).distinct().toList();
    }

    /**
     * {@return the command that these words begin with, or all commands that begin with the first word}
     *
     * @throws UsageException if no command begins with the first word; the message proposes a similar one
     */
    List<ManualEntry> about(List<String> words) {
        String two = words.stream().limit(2).collect(Collectors.joining(" "));
        List<ManualEntry> exact = commands.stream().filter(command -> command.name().equals(two)).toList();
        String first = words.getFirst();
        List<ManualEntry> found = !exact.isEmpty() ? exact
                : commands.stream().filter(command -> command.name().split(" ", 2)[0].equals(first)).toList();
        if (found.isEmpty()) {
            throw unknown(first);
        }
        return found;
    }

    /** {@return the refusal of a command, with the most similar one} */
    UsageException unknown(String word) {
        return new UsageException("there is no command " + Quoted.of(word)
                + Nearest.to(word, names()).map(nearest -> "; the nearest is " + nearest).orElse(""));
    }
}
