package privileged.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.CapMasks;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.SmallPrograms;

/** Rows that nobody chose, on threads of one JVM; what is to come of each is computed by the rules of both sides. */
@Privileged(also = CapMasks.FOR_NAMESPACES)
@SameInContainers
class OciRandomRowsIT {

    private static final int ROWS = 60;
    private static final long SEED = 20;
    private static final List<Integer> IDS = List.of(0, 1, 1000, 65534);

    /** One time in so many a set has a member more, which need not be within the others, or nobody holds. */
    private static final int SELDOM = 12;

    private static final SmallPrograms PROGRAMS = new SmallPrograms();
    private static final OciBundle BUNDLE = new OciBundle(PROGRAMS.status());

    private static List<OciRow> rows() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        return IntStream.range(0, ROWS).mapToObj(i -> row("row " + i, random)).toList();
    }

    private static OciRow row(String name, RandomGenerator random) {
        long bounding = some(random, OciRow.HELD);
        long permitted = some(random, OciRow.HELD);
        long effective = some(random, permitted);
        long inheritable = some(random, bounding & OciRow.HELD);
        long ambient = some(random, permitted & inheritable);
        String user = String.join(":", Stream.generate(() -> IDS.get(random.nextInt(IDS.size())).toString())
                .limit(2 + random.nextInt(2)).toList());
        boolean raised = (ambient & ~(permitted & inheritable)) == 0;
        boolean set = within(permitted, OciRow.HELD) && within(effective, permitted);
        String ours = set && raised && within(bounding, OciRow.HELD) && within(inheritable, OciRow.HELD) ? OciRow.GIVES
                : "CapsException: ";
        String theirs = !set || !within(inheritable, bounding & OciRow.HELD) ? OciRow.REFUSES
                : raised && within(bounding, OciRow.HELD) ? OciRow.GIVES : OciRow.IGNORES;
        return new OciRow(name, user, random.nextBoolean(),
                OciRow.lists(bounding, permitted, effective, inheritable, ambient), ours, theirs, theirs);
    }

    private static boolean within(long set, long limit) {
        return (set & ~limit) == 0;
    }

    private static long some(RandomGenerator random, long limit) {
        long set = switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> limit;
            case 2 -> one(random, limit);
            default -> random.nextLong() & limit;
        };
        return random.nextInt(SELDOM) != 0 ? set
                : set | (random.nextBoolean() ? one(random, OciRow.HELD) : 1L << OciRow.LACKING.number());
    }

    private static long one(RandomGenerator random, long set) {
        long[] members = IntStream.range(0, Long.SIZE).mapToLong(i -> 1L << i & set).filter(bit -> bit != 0).toArray();
        return members.length == 0 ? 0 : members[random.nextInt(members.length)];
    }

    @ParameterizedTest
    @EnumSource
    void givesWhatARuntimeGives(OciRuntime runtime) {
        runtime.requireRuns(BUNDLE);
        List<OciRow> rows = rows();
        assertThat(rows.stream().filter(row -> new OciExpectation(row, runtime).bothGive())).hasSizeBetween(20, 50);
        assertThat(rows).extracting(OciRow::runc).contains(OciRow.GIVES, OciRow.IGNORES, OciRow.REFUSES);
        try (ObservedChild child = OciApplies.threads(rows, PROGRAMS.status())) {
            for (OciRow row : rows) {
                new OciExpectation(row, runtime).check(OciApplies.observed(child, row), runtime.run(BUNDLE, row));
            }
        }
    }
}
