package nucleus.caps.internal.advice;

import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import nucleus.caps.Advice;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.proc.ProcFiles;

/** RLIMIT_NPROC, getrlimit(2): the kernel compares it with all threads of the user, and exempts root. */
final class ProcessLimit {

    private static final int ALL_THREADS = 5;

    private ProcessLimit() {
    }

    static List<Advice> of(Jvm jvm, NewUser user) {
        Optional<Long> limit = Limit.soft(jvm, "Max processes");
        if (limit.isEmpty() || user.identity().uid() == 0) {
            return List.of();
        }
        long own = jvm.threads();
        if (own + allThreads() < limit.get()) {
            return List.of(); // spares reading every process
        }
        long others = Proc.threadsOf(user.identity().uid(), jvm.pid());
        return own + others < limit.get() ? List.of() : List.of(new Advice(Advice.Kind.PROCESS_LIMIT,
                "new threads and child processes cannot be created", "RLIMIT_NPROC is " + limit.get() + ", this JVM has " + own
                        + " threads and " + user + " already has " + others,
                "raise the limit, as LimitNPROC= of systemd does"));
    }

    /** {@return the number of threads of all users} The fourth word of proc_loadavg(5) is like 1/234. */
    private static long allThreads() {
        StringTokenizer words = new StringTokenizer(ProcFiles.read("/proc/loadavg").orElse(""), " /");
        String word = Long.toString(Integer.MAX_VALUE);
        for (int i = 0; i < ALL_THREADS && words.hasMoreTokens(); i++) {
            word = words.nextToken();
        }
        return Long.parseLong(word);
    }
}
