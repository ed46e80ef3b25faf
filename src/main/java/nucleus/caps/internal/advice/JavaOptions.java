package nucleus.caps.internal.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** The options of java(1), of the launcher and of the environment, and their values. Files of options are not read. */
final class JavaOptions {

    /** The options whose value is the next word. */
    private static final Set<String> WITH_VALUE = Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path",
            "--upgrade-module-path", "--add-modules", "--limit-modules", "--add-reads", "--add-exports", "--add-opens",
            "--patch-module", "--enable-native-access", "-m", "--module", "-jar");
    private static final Set<String> LAST = Set.of("-m", "--module", "-jar");

    private final List<String> words = new ArrayList<>();

    /**
     * Takes the options.
     *
     * @param commandLine the words of the command, the program first
     * @param environment the variables, as NAME=VALUE
     */
    JavaOptions(List<String> commandLine, List<String> environment) {
        for (String variable : environment) {
            if (variable.startsWith("JAVA_TOOL_OPTIONS=") || variable.startsWith("JDK_JAVA_OPTIONS=")) {
                StringTokenizer each = new StringTokenizer(variable.substring(variable.indexOf('=') + 1));
                while (each.hasMoreTokens()) {
                    words.add(each.nextToken());
                }
            }
        }
        for (int i = 1; i < commandLine.size() && commandLine.get(i).startsWith("-"); i++) { // then comes a class
            words.add(commandLine.get(i));
            if (WITH_VALUE.contains(commandLine.get(i)) && i + 1 < commandLine.size()) {
                words.add(commandLine.get(i + 1));
                i += LAST.contains(commandLine.get(i)) ? commandLine.size() : 1;
            }
        }
    }

    /** {@return all options, in their order} */
    List<String> words() {
        return words;
    }

    boolean contains(String option) {
        return words.contains(option);
    }

    /** {@return the value of the last option that begins so, or null} */
    @Nullable
    String value(String prefix) {
        String found = null;
        for (String option : words) {
            found = option.startsWith(prefix) ? option.substring(prefix.length()) : found;
        }
        return found;
    }

    /** {@return the word after the last of these options, or null} */
    @Nullable
    String after(Set<String> names) {
        String found = null;
        for (int i = 0; i + 1 < words.size(); i++) {
            found = names.contains(words.get(i)) ? words.get(i + 1) : found;
        }
        return found;
    }
}
