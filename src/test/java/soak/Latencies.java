package soak;

import java.util.Arrays;
import java.util.Locale;

/** How long the rounds took while there were about so many threads. */
final class Latencies {

    static final String HEADING = "%-12s %7s %7s | %9s %9s %9s%n".formatted("", "threads", "rounds", "median ms",
            "p99 ms", "max ms");

    private final long[] nanos;
    private final long[] threads;
    private int rounds;

    Latencies(int rounds) {
        nanos = new long[rounds];
        threads = new long[rounds];
    }

    void add(long took, long answers) {
        nanos[rounds] = took;
        threads[rounds++] = answers;
    }

    /** {@return a line of the table; the number of threads is the median of those that answered} */
    String line(String name) {
        return String.format(Locale.ROOT, "%-12s %7d %7d | %9.2f %9.2f %9.2f%n", name, quantile(threads, 0.5), rounds,
                quantile(nanos, 0.5) / 1e6, quantile(nanos, 0.99) / 1e6, quantile(nanos, 1) / 1e6);
    }

    private long quantile(long[] values, double share) {
        long[] sorted = Arrays.copyOf(values, rounds);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * rounds) - 1)];
    }
}
