package nucleus.caps;

import static nucleus.caps.Capability.CAP_CHOWN;
import static nucleus.caps.Capability.CAP_KILL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The algebra, against java.util.BitSet; and what sets are made from. */
class CapabilitySetTest {

    @Test
    void algebraAgreesWithBitSet() {
        assertThat(Masks.pairs()).allSatisfy(pair -> agreesWithBitSet(new CapabilitySet(pair.a()), new CapabilitySet(pair.b())));
    }

    private static void agreesWithBitSet(CapabilitySet a, CapabilitySet b) {
        assertThat(bits(a.union(b))).isEqualTo(change(a, b, BitSet::or));
        assertThat(bits(a.intersect(b))).isEqualTo(change(a, b, BitSet::and));
        assertThat(bits(a.minus(b))).isEqualTo(change(a, b, BitSet::andNot));
        assertThat(a.containsAll(b)).isEqualTo(change(b, a, BitSet::andNot).isEmpty());
        assertThat(a.isEmpty()).isEqualTo(bits(a).isEmpty());
        assertThat(a.size()).isEqualTo(bits(a).cardinality());
        assertThat(a.equals(b)).isEqualTo(bits(a).equals(bits(b)));
    }

    @Test
    void everyBitIsAMemberAndOnlyTheNamedOnesAreNamed() {
        assertThat(LongStream.concat(Masks.corners(), Masks.random(2_000)))
                .allSatisfy(mask -> membersAreTheBits(new CapabilitySet(mask)));
    }

    private static void membersAreTheBits(CapabilitySet set) {
        assertThat(IntStream.range(0, Long.SIZE).filter(set::contains)).containsExactly(boxed(bits(set)));
        assertThat(set.numbers()).containsExactly(boxed(bits(set)));
        assertThat(set.named().mapToInt(Capability::number).toArray())
                .containsExactly(bits(set).stream().filter(n -> n < 41).toArray());
        assertThat(CapabilitySet.of(set.named().toList())).isEqualTo(set.intersect(CapabilitySet.ALL));
        assertThat(set.numbers().mapToObj(CapabilitySet::ofNumber).reduce(CapabilitySet.NONE, CapabilitySet::union))
                .isEqualTo(set);
    }

    @Test
    void allIsEveryNamedCapabilityAndNoOther() {
        assertThat(CapabilitySet.ALL.bits()).isEqualTo(0x1ff_ffff_ffffL);
        assertThat(CapabilitySet.of(Capability.values())).isEqualTo(CapabilitySet.ALL);
        assertThat(CapabilitySet.of()).isEqualTo(CapabilitySet.NONE).isEqualTo(CapabilitySet.of(List.of()));
        assertThat(CapabilitySet.NONE.bits()).isZero();
    }

    @Test
    void aMemberNamedTwiceIsOneMember() {
        CapabilitySet set = CapabilitySet.of(CAP_KILL, CAP_CHOWN, CAP_KILL);

        assertThat(set).isEqualTo(CapabilitySet.of(Set.of(CAP_CHOWN, CAP_KILL)));
        assertThat(set.size()).isEqualTo(2);
        assertThat(set.contains(CAP_KILL)).isTrue();
        assertThat(set.contains(Capability.CAP_BPF)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40, 41, 62, 63})
    void everyNumberOfTheKernelMakesASet(int number) {
        assertThat(CapabilitySet.ofNumber(number).bits()).isEqualTo(1L << number);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 64, 65, Integer.MAX_VALUE})
    void aNumberOutsideTheMaskIsRefused(int number) {
        String message = "a capability number must be 0 to 63, not " + number;

        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.ofNumber(number)).withMessage(message);
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilitySet.ALL.contains(number))
                .withMessage(message);
    }

    @Test
    void nullIsNoMember() {
        assertThatNullPointerException().isThrownBy(() -> CapabilitySet.of(CAP_KILL, null));
        assertThatNullPointerException().isThrownBy(() -> CapabilitySet.NONE.union(null));
        assertThatNullPointerException().isThrownBy(() -> CapabilitySet.NONE.contains((Capability) null));
    }

    private interface InPlace {
        void change(BitSet receiver, BitSet argument);
    }

    private static BitSet change(CapabilitySet a, CapabilitySet b, InPlace operation) {
        BitSet receiver = bits(a);
        operation.change(receiver, bits(b));
        return receiver;
    }

    private static Integer[] boxed(BitSet bits) {
        return bits.stream().boxed().toArray(Integer[]::new);
    }

    private static BitSet bits(CapabilitySet set) {
        return BitSet.valueOf(new long[] {set.bits()});
    }
}
