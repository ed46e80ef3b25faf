package nucleus.caps.internal.advice;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** The files and directories of the class path and the module path. Those of another JVM are in its options. */
final class CodePath {

    private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path", "-jar");
    private static final Set<String> MODULE_PATH = Set.of("-p", "--module-path");
    private static final String[] NOTHING = {};
    private static final String ALL_JARS = "/*";

    private CodePath() {
    }

    static List<Path> of(Jvm jvm) {
        List<Path> entries = new ArrayList<>();
        JavaOptions options = jvm.options();
        if (jvm.isOwn()) {
            add(entries, jvm, System.getProperty("java.class.path"), false);
            add(entries, jvm, System.getProperty("jdk.module.path"), true);
        } else {
            add(entries, jvm, options.after(CLASS_PATH), false);
            add(entries, jvm, options.after(MODULE_PATH), true);
            add(entries, jvm, options.value("--class-path="), false);
            add(entries, jvm, options.value("--module-path="), true);
        }
        return entries;
    }

    private static void add(List<Path> entries, Jvm jvm, @Nullable String paths, boolean modules) {
        StringTokenizer each = new StringTokenizer(paths == null ? "" : paths, File.pathSeparator);
        while (each.hasMoreTokens()) {
            String entry = each.nextToken();
            boolean all = entry.endsWith(ALL_JARS);
            Path path = jvm.path(all ? entry.substring(0, entry.length() - ALL_JARS.length()) : entry);
            entries.add(path);
            String[] names = modules || all ? path.toFile().list() : null;
            for (String name : names == null ? NOTHING : names) {
                if (name.endsWith(".jar")) {
                    entries.add(path.resolve(name));
                }
            }
        }
    }
}
