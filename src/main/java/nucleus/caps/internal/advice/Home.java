package nucleus.caps.internal.advice;

import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Advice;
import nucleus.caps.internal.kernel.UserDatabase;
import org.jspecify.annotations.Nullable;

/**
 * The home directory of the old user, if this JVM uses it. Nearly every JVM of root has a home that others cannot use, and few
 * use it. So there is advice only where the option user.home names it, or the JVM keeps preferences, java.util.prefs.
 */
final class Home {

    private static final String HOME = "user.home";
    private static final String PREFERENCES = "java.util.prefs.userRoot";

    private Home() {
    }

    static List<Advice> of(Jvm jvm, NewUser user) {
        String asked = jvm.options().value("-D" + HOME + "=");
        if (asked != null && user.cannot(AccessMode.WRITE, jvm.path(asked))) {
            return List.of(advice("files in the home directory cannot be created", user, jvm.path(asked)));
        }
        Path preferences = preferences(jvm);
        return preferences != null && jvm.text("maps").contains("/libprefs.so") && user.cannot(AccessMode.WRITE, preferences)
                ? List.of(advice("preferences cannot be saved, java.util.prefs", user, preferences)) : List.of();
    }

    /** {@return the directory of the preferences, or null if it is not known} */
    private static @Nullable Path preferences(Jvm jvm) {
        String above = property(jvm, PREFERENCES);
        above = above == null ? property(jvm, HOME) : above;
        above = above == null ? UserDatabase.homeOf(jvm.uid()).orElse(null) : above;
        return above == null ? null : jvm.path(above).resolve(".java/.userPrefs");
    }

    private static @Nullable String property(Jvm jvm, String name) {
        return jvm.isOwn() ? System.getProperty(name) : jvm.options().value("-D" + name + "=");
    }

    private static Advice advice(String what, NewUser user, Path directory) {
        return new Advice(Advice.Kind.HOME, what, user + " cannot write " + directory,
                "set user.home to a directory of that user, or hand it over with the option handOver");
    }
}
