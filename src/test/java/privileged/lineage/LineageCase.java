package privileged.lineage;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One run of the lineage attack.
 *
 * @param idle how many idle threads there are
 * @param longest the longest life of a member, in microseconds
 * @param seed decides how long each member lives
 */
record LineageCase(Lineage.Kind kind, Difference difference, int idle, int longest, long seed) {

    private static final List<Integer> IDLE = List.of(0, 300, 1_000);
    private static final List<Integer> LONGEST = List.of(Lineage.SHORTEST, 1_000, 5_000);

    /**
     * {@return that many runs}
     *
     * <p>The first runs have each difference once and few idle threads. Six times as many have each combination once.
     */
    static List<LineageCase> plan(int runs, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, runs).mapToObj(i -> ofRun(i, random)).toList();
    }

    private static LineageCase ofRun(int run, Random random) {
        Difference[] differences = Difference.values();
        int difference = run % differences.length;
        int cycle = run / differences.length;
        int firstIdle = switch (difference % 9) {
            case 8 -> 2;
            case 0, 5 -> 1;
            default -> 0;
        };
        int kinds = Lineage.Kind.values().length;
        return new LineageCase(Lineage.Kind.values()[(difference + 1 + cycle) % kinds], differences[difference],
                IDLE.get((firstIdle + cycle / kinds) % IDLE.size()), LONGEST.get(random.nextInt(LONGEST.size())),
                random.nextLong());
    }

    @Override
    public String toString() {
        return "%s %s, %d idle threads, lives of %d to %d us, seed %d"
                .formatted(kind, difference, idle, Lineage.SHORTEST, longest, seed);
    }
}
