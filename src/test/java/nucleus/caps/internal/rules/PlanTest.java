package nucleus.caps.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.SecureBits;
import org.junit.jupiter.api.Test;

/** Which changes a plan makes, and what they are called. */
class PlanTest {

    private static final Change ON = new Change.KeepCaps(true);
    private static final Change OFF = new Change.KeepCaps(false);
    private static final Change BITS = new Change.SetSecureBits(SecureBits.NONE);
    private static final Change UID = new Change.SetUid(7);

    private static List<Change> changes(boolean endsKeepCaps, Change... changes) {
        return new Plan(Stream.of(changes).map(change -> new Plan.Step(change, false)).toList(), endsKeepCaps).changes();
    }

    @Test
    void clearsKeepCapsAtTheEnd() {
        assertThat(changes(false, UID)).containsExactly(UID);
        assertThat(changes(true, UID)).containsExactly(UID, OFF);
        assertThat(changes(true, ON, UID)).containsExactly(ON, UID, OFF);
        assertThat(changes(true, ON, BITS)).containsExactly(ON, BITS);
        assertThat(changes(true, BITS, ON)).containsExactly(BITS, ON, OFF);
        assertThat(changes(true, BITS, OFF)).containsExactly(BITS, OFF);
    }

    @Test
    void aChangeIsNamedByItsCall() {
        assertThat(new Change.LowerAmbient(CapabilitySet.ofNumber(7)).syscall())
                .isEqualTo("prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_SETUID)");
        List<Long> groups = LongStream.range(0, 16).boxed().toList();
        assertThat(new Change.SetGroups(groups).syscall()).startsWith("setgroups([0, 1, ").endsWith(", 15])");
        assertThat(new Change.SetGroups(LongStream.range(0, 17).boxed().toList()).syscall())
                .isEqualTo("setgroups(17 groups)");
    }

    @Test
    void aRangeOfIdsHasAnEnd() {
        UserNamespace.Range range = new UserNamespace.Range(10, 5);
        assertThat(LongStream.range(0, 20).filter(range::contains)).containsExactly(10L, 11L, 12L, 13L, 14L);
    }
}
