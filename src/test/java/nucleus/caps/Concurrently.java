package nucleus.caps;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work for many tests of one class, done by two threads on each processor before the first test, because much of it waits. */
public final class Concurrently {

    private Concurrently() {
    }

    /** What gives a result, or fails for the one test that asks for it. */
    public interface Work<T, R> {
        R on(T subject) throws Exception;
    }

    /** {@return what came of each subject; when this returns, all have come to an end} */
    public static <T, R> Map<T, Future<R>> done(Collection<T> subjects, Work<T, R> work) {
        try (ExecutorService threads = Executors.newFixedThreadPool(2 * Runtime.getRuntime().availableProcessors())) {
            Map<T, Future<R>> results = new LinkedHashMap<>();
            subjects.forEach(subject -> results.put(subject, threads.submit(() -> work.on(subject))));
            return results;
        }
    }
}
