package nucleus.caps.internal.advice;

import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.Advice;

/** Code that the JVM has not read yet and will not be able to read. */
final class Code {

    private Code() {
    }

    static List<Advice> of(Jvm jvm, NewUser user) {
        List<Advice> found = new ArrayList<>();
        for (String part : List.of("lib", "conf", "lib/modules", "lib/tzdb.dat", "conf/security/java.security")) {
            if (found.isEmpty()) {
                add(found, user, jvm.home().resolve(part),
                        "parts of the JDK cannot be loaded, for example sockets, TLS and time zones");
            }
        }
        for (Path entry : CodePath.of(jvm)) {
            add(found, user, entry, "classes that are not loaded yet cannot be loaded");
        }
        return found;
    }

    private static void add(List<Advice> found, NewUser user, Path file, String what) {
        AccessMode mode = Files.isDirectory(file) ? AccessMode.EXECUTE : AccessMode.READ;
        if (user.cannot(mode, file)) {
            found.add(new Advice(Advice.Kind.CODE, what,
                    user + (mode == AccessMode.READ ? " cannot read " : " cannot search ") + file,
                    "let that user read " + file + " and search the directories above it"));
        }
    }
}
