package nucleus.caps.internal.advice;

import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.Advice;

/** Directories where the JVM will not be able to create files. */
final class NewFiles {

    private NewFiles() {
    }

    static List<Advice> of(Jvm jvm, NewUser user) {
        List<Advice> found = new ArrayList<>();
        add(found, user, jvm.temporary(), "temporary files cannot be created");
        String dump = jvm.options().value("-XX:HeapDumpPath=");
        if (dump != null || jvm.options().contains("-XX:+HeapDumpOnOutOfMemoryError")) {
            add(found, user, directory(jvm.path(dump == null ? "." : dump)), "no heap dump can be written");
        }
        String report = jvm.options().value("-XX:ErrorFile=");
        if (report != null) {
            Path file = jvm.path(report.replace("%p", Long.toString(jvm.pid())));
            add(found, user, Files.exists(file) ? file : file.resolveSibling(""),
                    "a crash report cannot be written where the option ErrorFile says");
        }
        return found;
    }

    private static Path directory(Path dump) {
        return Files.isDirectory(dump) ? dump : dump.resolveSibling("");
    }

    private static void add(List<Advice> found, NewUser user, Path place, String what) {
        if (user.cannot(AccessMode.WRITE, place)) {
            found.add(new Advice(Advice.Kind.NEW_FILES, what, user + " cannot write " + place,
                    "choose a directory of that user, or hand it over with the option handOver"));
        }
    }
}
