package nucleus.caps.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the mutants of the guards in a file: each branch never taken, each part of a condition left out, each refusal
 * of a switch forgotten, each step that leaves things in order removed.
 */
final class GuardSource {

    private static final Pattern STEP = Pattern.compile("\\s+((require\\w*|signal\\.(disarm|restore)"
            + "|machine\\.(current|previous)|forgetWhoCannotAnswer)\\(.*\\)|stays = true|uncertain = true|spare = null);");
    private static final Pattern BRANCH = Pattern.compile("if \\((.*)\\) \\{");
    private static final Pattern REFUSAL = Pattern.compile("default -> throw [^;]*;");
    private static final Pattern OPERATOR = Pattern.compile("\\s*(&&|\\|\\|) ");
    private static final Pattern BEFORE_OPERAND = Pattern.compile(".*( = |return |-> |, |; |\\? | : )");

    private final String file;
    private final String source;
    private final List<Mutant> mutants = new ArrayList<>();

    GuardSource(Path root, String file) throws IOException {
        this.file = file;
        this.source = Files.readString(root.resolve(file));
    }

    List<Mutant> mutants() {
        for (int at = 0; at < source.length(); at = source.indexOf('\n', at) + 1) {
            String line = source.substring(at, source.indexOf('\n', at));
            if (!line.strip().startsWith("*") && !line.strip().startsWith("/")) {
                add(at, line);
            }
        }
        return mutants;
    }

    private void add(int at, String line) {
        Matcher step = STEP.matcher(line);
        if (step.matches()) {
            add("without: " + line, at, at + line.length(), "");
        }
        Matcher branch = BRANCH.matcher(line);
        if (branch.find()) {
            add("never: " + branch.group(), at + branch.start(1), at + branch.end(1),
                    "false && (" + branch.group(1) + ")");
        }
        Matcher refusal = REFUSAL.matcher(source).region(at, source.length());
        if (line.contains("default -> throw ") && refusal.find()) {
            add("forgotten: " + line, refusal.start(), refusal.end(), "default -> null;");
        }
        Matcher operator = OPERATOR.matcher(source).region(at, at + line.length());
        while (operator.find()) {
            int left = left(operator.start());
            if (left >= 0) {
                add("without: " + source.substring(left, operator.end()) + "in: " + line, left, operator.end(), "");
            }
            int right = right(operator.end());
            add("without: " + source.substring(operator.start(), right).stripTrailing() + " in: " + line,
                    operator.start(), right, "");
        }
    }

    private void add(String what, int from, int to, String instead) {
        String row = what.replaceAll("\\s+", " ").replaceFirst(": ?", ": ");
        boolean again = mutants.stream().anyMatch(mutant -> mutant.what().equals(row));
        mutants.add(new Mutant(file, again ? row + " // the second" : row,
                source.substring(0, from) + instead + source.substring(to)));
    }

    /** Where the operand before an operator begins; -1 if it is the right one of another operator. */
    private int left(int operator) {
        int depth = 0;
        for (int i = operator; ; i--) {
            char c = source.charAt(i - 1);
            depth += c == ')' ? 1 : c == '(' ? -1 : 0;
            String before = source.substring(Math.max(0, i - 8), i);
            if (depth == 0 && before.matches(".*(&&|\\|\\|) ")) {
                return -1;
            }
            if (depth < 0 || depth == 0 && BEFORE_OPERAND.matcher(before).matches()) {
                return i;
            }
        }
    }

    /** Where the operand behind an operator ends. */
    private int right(int operator) {
        int depth = 0;
        for (int i = operator; ; i++) {
            char c = source.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            boolean another = OPERATOR.matcher(source).region(i, source.length()).lookingAt();
            if (depth < 0 || depth == 0 && (c == ';' || c == ',' || c == '?' || another)) {
                return i;
            }
        }
    }
}
