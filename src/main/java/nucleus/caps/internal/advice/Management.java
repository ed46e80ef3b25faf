package nucleus.caps.internal.advice;

import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Advice;
import org.jspecify.annotations.Nullable;

/** The file of passwords for JMX. The JVM reads it at each login. It must be readable by its owner only. */
final class Management {

    private static final String PREFIX = "com.sun.management.jmxremote.";

    private Management() {
    }

    static List<Advice> of(Jvm jvm, NewUser user) {
        if (value(jvm, "port") == null || "false".equalsIgnoreCase(value(jvm, "authenticate"))
                || value(jvm, "login.config") != null) {
            return List.of();
        }
        String asked = value(jvm, "password.file");
        Path file = asked == null ? jvm.home().resolve("conf/management/jmxremote.password") : jvm.path(asked);
        return !user.cannot(AccessMode.READ, file) ? List.of() : List.of(new Advice(Advice.Kind.MANAGEMENT,
                "each login to JMX fails", user + " cannot read the passwords in " + file,
                "hand the file over with the option handOver"));
    }

    private static @Nullable String value(Jvm jvm, String name) {
        return jvm.isOwn() ? System.getProperty(PREFIX + name) : jvm.options().value("-D" + PREFIX + name + "=");
    }
}
