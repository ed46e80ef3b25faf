package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 65534, 0x7fff_ffffL, 0x8000_0000L, 0xffff_fffeL})
    void everyIdBelowTheLastIsAnId(long id) {
        assertThat(Identity.of(id, id, id)).isEqualTo(new Identity(id, id, List.of(id)));
    }

    @ParameterizedTest
    @CsvSource({
        "-1,                   ''",
        "4294967295,           '; the kernel reads this number as \"unchanged\"'",
        "4294967296,           ''",
        "9223372036854775807,  ''",
        "-9223372036854775808, ''",
    })
    void whatIsNoIdIsRefusedWhereverItStands(long id, String why) {
        String message = " must be 0 to 4294967294, not " + id + why;

        assertThatIllegalArgumentException().isThrownBy(() -> Identity.of(id, 1)).withMessage("uid" + message);
        assertThatIllegalArgumentException().isThrownBy(() -> Identity.of(1, id)).withMessage("gid" + message);
        assertThatIllegalArgumentException().isThrownBy(() -> Identity.of(1, 1, 2, id))
                .withMessage("group" + message);
    }

    @Test
    void groupsAreASet() {
        assertThat(Identity.of(1, 2, 30, 4, 30, 5).groups()).containsExactly(4L, 5L, 30L);
        assertThat(Identity.of(1, 2, 5, 4)).isEqualTo(Identity.of(1, 2, 4, 5, 4)).isNotEqualTo(Identity.of(1, 2, 4));
        assertThat(Identity.of(1, 2).groups()).isEmpty();
    }

    @Test
    void groupsAreCopied() {
        List<Long> groups = new ArrayList<>(List.of(4L));
        Identity identity = new Identity(1, 2, groups);
        groups.add(0L);

        assertThat(identity.groups()).containsExactly(4L).isUnmodifiable();
    }

    @Test
    void aThreadHasAtMost65536Groups() {
        long[] most = LongStream.rangeClosed(1, 65536).toArray();
        long[] tooMany = LongStream.rangeClosed(1, 65537).toArray();
        long[] mostTwice = LongStream.concat(Arrays.stream(most), Arrays.stream(most)).toArray();

        assertThat(Identity.of(1, 1, most).groups()).hasSize(65536);
        assertThat(Identity.of(1, 1, mostTwice).groups()).hasSize(65536);
        assertThatIllegalArgumentException().isThrownBy(() -> Identity.of(1, 1, tooMany))
                .withMessage("a thread has at most 65536 groups, not 65537");
    }

    @Test
    void refusesNullGroups() {
        assertThatNullPointerException().isThrownBy(() -> new Identity(1, 1, null));
        assertThatNullPointerException().isThrownBy(() -> new Identity(1, 1, Arrays.asList(1L, null)));
    }

    @ParameterizedTest
    @CsvSource({"0,1,1,true", "1,0,1,true", "1,1,0,true", "1,1,1,false", "4294967294,1,1,false"})
    void anyIdZeroIsRoot(long uid, long gid, long group, boolean root) {
        assertThat(Identity.of(uid, gid, group, 4).isRoot()).isEqualTo(root);
    }

    @Test
    void printsTheIdsInOneLine() {
        assertThat(Identity.of(4294967294L, 1000, 27, 4)).hasToString("uid 4294967294, gid 1000, groups [4, 27]");
        assertThat(Identity.of(0, 0)).hasToString("uid 0, gid 0, groups []");
    }
}
