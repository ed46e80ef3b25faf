package nucleus.caps.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the mutants of a file: each step removed, each two adjacent steps swapped, each check removed, each guard never
 * taken, each part of an expectation left out. The recipes are written one step, check or guard a line for this.
 */
final class MutantSource {

    private static final Pattern STEP = Pattern.compile("(plan\\.add|Securing\\.carry|(?:identity|secureBits)\\.ifPresent)\\(.*\\);.*");
    private static final Pattern CASE = Pattern.compile("(case [A-Z]+ -> )plan\\.add\\(.*\\);");
    private static final Pattern CHECK =
            Pattern.compile("(Wish\\.within|set|same|preflight|verify|requireNone|recipes\\.forEach|kernel\\.run|Transition\\.confirm|chain\\.confirm"
            + "|chain\\.confinement\\(\\)\\.check|confinement\\.check|confirm|empty|requireNoRoot|refuse|requireAny|found\\.add)\\(.*\\);");
    private static final Pattern WITHER = Pattern.compile("\\.with[A-Za-z]*\\((?:[^()]|\\([^()]*\\))*\\)");

    private final String file;
    private final List<String> lines;

    MutantSource(Path root, String file) throws IOException {
        this.file = file;
        this.lines = Files.readAllLines(root.resolve(file));
    }

    List<Mutant> mutants() {
        List<Mutant> mutants = new ArrayList<>();
        boolean inExpected = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            inExpected = line.startsWith("public State expected(") || inExpected && !line.equals("}");
            if (STEP.matcher(line).matches() || CHECK.matcher(line).matches()) {
                mutants.add(replaced(i, "", "without: " + line));
            }
            if (STEP.matcher(line).matches() && STEP.matcher(lines.get(i + 1).strip()).matches()) {
                mutants.add(swapped(i));
            }
            if (CASE.matcher(line).matches()) {
                mutants.add(replaced(i, CASE.matcher(line).replaceFirst("$1{ }"), "without: " + line));
            }
            if (line.startsWith("if (") && line.endsWith(") {")) {
                mutants.add(replaced(i, "if (false && (" + line.substring(4, line.length() - 3) + ")) {", "never: " + line));
            }
            if (inExpected) {
                Matcher wither = WITHER.matcher(line);
                while (wither.find()) {
                    String less = new StringBuilder(line).delete(wither.start(), wither.end()).toString();
                    mutants.add(replaced(i, less, "expects no " + wither.group() + ": " + line));
                }
            }
        }
        return mutants;
    }

    private Mutant replaced(int index, String line, String what) {
        List<String> mutated = new ArrayList<>(lines);
        mutated.set(index, line);
        return new Mutant(file, what, String.join("\n", mutated));
    }

    private Mutant swapped(int index) {
        List<String> mutated = new ArrayList<>(lines);
        mutated.set(index, lines.get(index + 1));
        mutated.set(index + 1, lines.get(index));
        return new Mutant(file, "swapped: " + lines.get(index).strip() + " <-> " + lines.get(index + 1).strip(),
                String.join("\n", mutated));
    }
}
