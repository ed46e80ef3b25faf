package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.Credentials.Ids;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ThreadStatusTest {

    @ParameterizedTest
    @CsvSource({
        "1000, 1000, 1000, 1000, 1000",
        "1, 0, 0, 0, 1/0/0/0",
        "0, 1, 0, 0, 0/1/0/0",
        "0, 0, 1, 0, 0/0/1/0",
        "0, 0, 0, 1, 0/0/0/1",
        "4294967294, 4294967294, 4294967294, 4294967294, 4294967294",
    })
    void idsPrintAsOneWhereTheyAreOne(long real, long effective, long saved, long fileSystem, String text) {
        assertThat(new Ids(real, effective, saved, fileSystem)).hasToString(text);
    }

    @Test
    void idsContainEachOfTheFour() {
        Ids ids = new Ids(1, 2, 3, 4);

        assertThat(List.of(1L, 2L, 3L, 4L)).allMatch(ids::contains);
        assertThat(List.of(0L, 5L, -1L, 4294967297L)).noneMatch(ids::contains);
        assertThat(Ids.all(7)).isEqualTo(new Ids(7, 7, 7, 7));
    }

    @Test
    void groupsAreASetAndCopied() {
        List<Long> groups = new ArrayList<>(List.of(30L, 4L, 30L));
        ThreadStatus thread = thread(Ids.all(1), Ids.all(1), groups);
        groups.add(0L);

        assertThat(thread.groups()).containsExactly(4L, 30L).isUnmodifiable();
        assertThat(thread).isEqualTo(thread(Ids.all(1), Ids.all(1), List.of(4L, 30L)));
    }

    @Test
    void iabIsThatOfItsSets() {
        CapabilitySets sets = CapabilitySets.NONE.with(SetKind.BOUNDING, CapabilitySet.parse("kill,chown"))
                .with(SetKind.INHERITABLE, CapabilitySet.parse("kill"));
        ThreadStatus thread = thread(Ids.all(1), Ids.all(1), List.of());

        assertThat(thread.with(thread.credentials().with(sets)).iab(CapabilitySet.parse("kill,chown,bpf")))
                .isEqualTo(Iab.parse("cap_kill,!cap_bpf"));
    }

    @Test
    void aThreadWithoutAnyIdZeroIsNotRoot() {
        assertThat(thread(Ids.all(1), Ids.all(4294967294L), List.of(4L)).isRoot()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("threadsWithOneIdZero")
    void isRootIfAnyIdIsZero(ThreadStatus thread) {
        assertThat(thread.isRoot()).isTrue();
    }

    static Stream<ThreadStatus> threadsWithOneIdZero() {
        return Stream.concat(
                IntStream.range(0, 4).mapToObj(ThreadStatusTest::zeroAt).flatMap(ids -> Stream.of(
                        thread(ids, Ids.all(1), List.of()), thread(Ids.all(1), ids, List.of()))),
                Stream.of(thread(Ids.all(1), Ids.all(1), List.of(4L, 0L))));
    }

    private static Ids zeroAt(int place) {
        long[] ids = {1, 1, 1, 1};
        Arrays.fill(ids, place, place + 1, 0);
        return new Ids(ids[0], ids[1], ids[2], ids[3]);
    }

    private static ThreadStatus thread(Ids uids, Ids gids, List<Long> groups) {
        return new ThreadStatus(1, "main", new Credentials(CapabilitySets.NONE, uids, gids, groups, true, Optional.empty()));
    }
}
