package nucleus.caps.internal.advice;

import java.util.Optional;
import java.util.StringTokenizer;

/** A resource limit of a JVM, proc_pid_limits(5). */
final class Limit {

    private Limit() {
    }

    /** {@return the soft limit, or empty if there is none} */
    static Optional<Long> soft(Jvm jvm, String name) {
        String limits = jvm.text("limits");
        int at = limits.indexOf(name);
        String soft = at < 0 ? "unlimited" : new StringTokenizer(limits.substring(at + name.length())).nextToken();
        return soft.equals("unlimited") ? Optional.empty() : Optional.of(Long.valueOf(soft));
    }
}
