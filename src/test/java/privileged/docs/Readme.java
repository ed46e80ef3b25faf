package privileged.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The README and the pages of src/docs, as a reader sees them who copies their blocks into a shell. */
final class Readme {

    private static final Path BASE = Path.of(System.getProperty("caps.basedir"));
    private static final Pattern FENCED = Pattern.compile("^```(\\w+)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern PROGRAM = Pattern.compile("^public class (\\w+) ", Pattern.MULTILINE);
    private static final String ANYTHING = "…";

    /** How the command heads what it shows of threads: with numbers that are others each time. */
    private static final Pattern HEADING = Pattern.compile("(\\d+ threads: |thread )\\d+ \\(.*");

    /**
     * Commands, and what they print.
     *
     * @param commands what is copied
     * @param output the text that stands behind it, if there is one
     */
    record Block(String commands, Optional<String> output) {

        @Override
        public String toString() {
            return commands.lines().limit(2).collect(Collectors.joining("; "));
        }
    }

    private Readme() {
    }

    /** {@return the README, then the pages of src/docs by their names} */
    static List<Path> pages() {
        try (Stream<Path> pages = Files.list(BASE.resolve("src/docs"))) {
            return Stream.concat(Stream.of(BASE.resolve("README.md")), pages.sorted()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a page of src/docs by its name} */
    static Path page(String name) {
        return BASE.resolve("src/docs").resolve(name + ".md");
    }

    static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Block> blocks() {
        return pages().stream().flatMap(page -> blocks(fenced(page).toList()).stream()).toList();
    }

    private static List<Block> blocks(List<MatchResult> fenced) {
        List<Block> blocks = new ArrayList<>();
        String programs = "";
        for (int i = 0; i < fenced.size(); i++) {
            String text = fenced.get(i).group(2);
            switch (fenced.get(i).group(1)) {
                case "java" -> programs += saved(text);
                case "sh" -> {
                    boolean told = i + 1 < fenced.size() && fenced.get(i + 1).group(1).equals("text");
                    blocks.add(new Block(programs + text,
                            told ? Optional.of(fenced.get(i + 1).group(2)) : Optional.empty()));
                    programs = "";
                }
                default -> {
                }
            }
        }
        return blocks;
    }

    /** {@return the commands that save a program where the pages say, or none for another text} */
    private static String saved(String java) {
        Matcher program = PROGRAM.matcher(java);
        return program.find() ? "cat > target/%s.java <<'EOF'\n%sEOF\n".formatted(program.group(1), java) : "";
    }

    private static Stream<MatchResult> fenced(Path page) {
        return FENCED.matcher(text(page)).results();
    }

    /** {@return the blocks of a page in that language} */
    static List<String> blocks(Path page, String language) {
        return fenced(page).filter(fenced -> fenced.group(1).equals(language)).map(fenced -> fenced.group(2)).toList();
    }

    /** Whether one of the texts is this output. */
    static boolean tells(String output) {
        return pages().stream().flatMap(Readme::fenced).filter(fenced -> fenced.group(1).equals("text"))
                .anyMatch(fenced -> pattern(fenced.group(2).lines().toList()).matcher(output).matches());
    }

    /** What an output has to match that is told so. */
    static Pattern pattern(List<String> told) {
        return Pattern.compile(told.stream().map(Readme::line).collect(Collectors.joining()));
    }

    private static String line(String told) {
        if (told.equals(ANYTHING)) {
            return "(?:.*\n)*";
        }
        if (HEADING.matcher(told).matches()) {
            return HEADING.pattern() + "\n";
        }
        return Arrays.stream(told.split(ANYTHING, -1)).map(Pattern::quote).collect(Collectors.joining(".*")) + "\n";
    }
}
