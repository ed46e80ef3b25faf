package nucleus.caps;

import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Masks of 64 bits to try: all corners, and random ones that are the same in every run. */
final class Masks {

    private static final long SEED = 0x43_4150_5345_54L;
    private static final long NAMED = 0x1ff_ffff_ffffL;

    record Pair(long a, long b) {
        @Override
        public String toString() {
            return "%016x %016x".formatted(a, b);
        }
    }

    private Masks() {
    }

    /** Nothing, everything, each single bit, all but one, all below one, and the same within the named ones. */
    static LongStream corners() {
        LongStream around = LongStream.range(0, Long.SIZE).map(n -> 1L << n)
                .flatMap(bit -> LongStream.of(bit, ~bit, bit - 1, -bit, NAMED & ~bit, NAMED | bit));
        return LongStream.concat(LongStream.of(0, -1, NAMED, ~NAMED, 0xffff_ffffL, ~0xffff_ffffL), around).distinct();
    }

    /** Dense, sparse and nearly full ones, as many of each. */
    static LongStream random(int count) {
        Random random = new Random(SEED);
        return LongStream.generate(() -> switch (random.nextInt(3)) {
            case 0 -> random.nextLong() & random.nextLong() & random.nextLong();
            case 1 -> random.nextLong() | random.nextLong() | random.nextLong();
            default -> random.nextLong();
        }).limit(count);
    }

    static Stream<Pair> pairs() {
        long[] some = LongStream.concat(LongStream.of(0, -1, NAMED, ~NAMED, 1, Long.MIN_VALUE), random(24)).toArray();
        return LongStream.of(some).boxed().flatMap(a -> LongStream.of(some).mapToObj(b -> new Pair(a, b)));
    }
}
