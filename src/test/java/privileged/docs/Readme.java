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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The README as those read it who copy its blocks into a shell. */
final class Readme {

    private static final Path FILE = Path.of(System.getProperty("caps.basedir"), "README.md");
    private static final Pattern FENCED = Pattern.compile("^```(\\w+)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
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

    static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Block> blocks() {
        List<MatchResult> fenced = FENCED.matcher(text()).results().toList();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < fenced.size(); i++) {
            if (fenced.get(i).group(1).equals("sh")) {
                boolean told = i + 1 < fenced.size() && fenced.get(i + 1).group(1).equals("text");
                blocks.add(new Block(fenced.get(i).group(2),
                        told ? Optional.of(fenced.get(i + 1).group(2)) : Optional.empty()));
            }
        }
        return blocks;
    }

    /** Whether one of its texts is this output. */
    static boolean tells(String output) {
        return FENCED.matcher(text()).results().filter(fenced -> fenced.group(1).equals("text"))
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
