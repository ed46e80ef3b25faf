package nucleus.caps.internal.advice;

import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nucleus.caps.Advice;

/** Files that are open for writing and will not be writable by their names. One advice for all files of a directory. */
final class OpenFiles {

    private OpenFiles() {
    }

    static List<Advice> of(Jvm jvm, NewUser user, List<Path> written) {
        Map<List<Object>, Advice> found = new LinkedHashMap<>();
        for (Path file : written) {
            Path directory = file.resolveSibling("").normalize();
            Advice.Kind kind = kind(jvm, file);
            boolean fixed = user.cannot(AccessMode.WRITE, directory);
            boolean readOnly = kind != Advice.Kind.FLIGHT_RECORDING && user.cannot(AccessMode.WRITE, file);
            if ((fixed || readOnly) && !isUnrotatedLog(jvm, file)) {
                found.putIfAbsent(List.of(kind, directory), advice(kind, file,
                        user + " cannot write " + (fixed ? "the directory " + directory : "this file")));
            }
        }
        return new ArrayList<>(found.values());
    }

    private static Advice.Kind kind(Jvm jvm, Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".jfr")) {
            return Advice.Kind.FLIGHT_RECORDING;
        }
        return logOption(jvm, name).isEmpty() ? Advice.Kind.OPEN_FILES : Advice.Kind.JVM_LOG;
    }

    /** {@return the option that names the file, or an empty text} A name with %p or %t is not recognised. */
    private static String logOption(Jvm jvm, String name) {
        String found = "";
        for (String option : jvm.options().words()) {
            found = option.startsWith("-Xlog") && option.contains(name) ? option : found;
        }
        return found;
    }

    private static boolean isUnrotatedLog(Jvm jvm, Path file) {
        return logOption(jvm, String.valueOf(file.getFileName())).contains("filecount=0");
    }

    private static Advice advice(Advice.Kind kind, Path file, String why) {
        String give = "hand over its directory with the option handOver, ";
        if (kind == Advice.Kind.FLIGHT_RECORDING) {
            return new Advice(kind, "the JVM ends with SIGABRT when the flight recording " + file + " begins its next file", why,
                    "use the option handOver(), or start the recording after the drop");
        }
        if (kind == Advice.Kind.JVM_LOG) {
            return new Advice(kind, "the log of the JVM, " + file + ", stops when it is rotated", why,
                    give + "or switch the rotation off with filecount=0");
        }
        return new Advice(kind, "the open file " + file + " stays usable, and cannot be opened again, renamed or replaced, as log"
                + " rotation and databases do", why, give + "or open it after the drop in a directory of that user");
    }
}
