package nucleus.caps.internal.session;

import static nucleus.caps.Capability.CAP_CHOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChecksTest {

    private static final Ids USER = Ids.all(1000);
    private static final ThreadStatus GOOD = thread(1, "good", CapabilitySets.NONE, true, USER, USER, List.of(4L));

    private static ThreadStatus thread(int tid, String name, CapabilitySets sets, boolean noNewPrivs, Ids uids,
                                       Ids gids, List<Long> groups) {
        return new ThreadStatus(tid, name, new Credentials(sets, uids, gids, groups, noNewPrivs, Optional.empty()));
    }

    private static ThreadStatus holding(SetKind kind, CapabilitySet set) {
        return thread(2, "bad", CapabilitySets.NONE.with(kind, set), true, USER, USER, List.of(4L));
    }

    private static ThreadStatus being(Ids uids, Ids gids, List<Long> groups) {
        return thread(2, "bad", CapabilitySets.NONE, true, uids, gids, groups);
    }

    /** A thread that lacks one thing to be dropped, and what is said of it. */
    record Lacking(ThreadStatus thread, String what, String expected, String observed) {
        Difference difference() {
            return new Difference(2, "bad", what, expected, observed);
        }
    }

    static Stream<Lacking> everyAspect() {
        Stream<Lacking> sets = Arrays.stream(SetKind.values()).flatMap(kind -> Stream.of(
                new Lacking(holding(kind, CapabilitySet.of(CAP_CHOWN)), kind.toString(), "none", "cap_chown"),
                new Lacking(holding(kind, CapabilitySet.ofNumber(63)), kind.toString(), "none", "63")));
        Stream<Lacking> ids = Stream.of(
                lackingIds(being(new Ids(0, 1, 1, 1), USER, List.of()), "uids 0/1/1/1, gids 1000, groups []"),
                lackingIds(being(new Ids(1, 0, 1, 1), USER, List.of()), "uids 1/0/1/1, gids 1000, groups []"),
                lackingIds(being(new Ids(1, 1, 0, 1), USER, List.of()), "uids 1/1/0/1, gids 1000, groups []"),
                lackingIds(being(new Ids(1, 1, 1, 0), USER, List.of()), "uids 1/1/1/0, gids 1000, groups []"),
                lackingIds(being(USER, new Ids(0, 1, 1, 1), List.of()), "uids 1000, gids 0/1/1/1, groups []"),
                lackingIds(being(USER, new Ids(1, 0, 1, 1), List.of()), "uids 1000, gids 1/0/1/1, groups []"),
                lackingIds(being(USER, new Ids(1, 1, 0, 1), List.of()), "uids 1000, gids 1/1/0/1, groups []"),
                lackingIds(being(USER, new Ids(1, 1, 1, 0), List.of()), "uids 1000, gids 1/1/1/0, groups []"),
                lackingIds(being(USER, USER, List.of(4L, 0L)), "uids 1000, gids 1000, groups [0, 4]"));
        Stream<Lacking> noNewPrivs = Stream.of(new Lacking(
                thread(2, "bad", CapabilitySets.NONE, false, USER, USER, List.of()), "no_new_privs", "true", "false"));
        return Stream.of(sets, ids, noNewPrivs).flatMap(all -> all);
    }

    private static Lacking lackingIds(ThreadStatus thread, String observed) {
        return new Lacking(thread, "ids", "none of them 0", observed);
    }

    @Test
    void threadsThatHoldNothingAreDropped() {
        assertThatNoException().isThrownBy(() -> Checks.requireDropped(CapabilitySet.NONE, List.of(GOOD, GOOD)));
    }

    @ParameterizedTest
    @MethodSource("everyAspect")
    void findsOneBadThreadAmongGoodOnes(Lacking lacking) {
        List<ThreadStatus> threads = List.of(GOOD, lacking.thread(), GOOD);

        VerificationException refused = refused(() -> Checks.requireDropped(CapabilitySet.NONE, threads));

        assertThat(refused.differences()).containsExactly(lacking.difference());
        assertThat(refused.threads()).isEqualTo(threads);
        assertThat(refused.changed()).isFalse();
        assertThat(refused).hasMessageStartingWith("requireDropped: not verified: thread 2 (bad) " + lacking.what());
    }

    @ParameterizedTest
    @EnumSource(names = {"BOUNDING", "PERMITTED", "EFFECTIVE"})
    void whatIsKeptMayBeHeldAndNoMore(SetKind kind) {
        CapabilitySet keep = CapabilitySet.parse("cap_kill,cap_chown");
        assertThatNoException()
                .isThrownBy(() -> Checks.requireDropped(keep, List.of(holding(kind, CapabilitySet.parse("cap_kill")))));

        List<ThreadStatus> more = List.of(holding(kind, CapabilitySet.parse("cap_kill,cap_bpf")));
        assertThat(refused(() -> Checks.requireDropped(keep, more)).differences()).singleElement().asString()
                .endsWith(kind + ": expected at most cap_chown,cap_kill, observed cap_kill,cap_bpf");
    }

    @ParameterizedTest
    @EnumSource(names = {"INHERITABLE", "AMBIENT"})
    void nothingThatIsKeptIsInherited(SetKind kind) {
        CapabilitySet keep = CapabilitySet.parse("cap_kill");

        assertThat(refused(() -> Checks.requireDropped(keep, List.of(holding(kind, keep)))).differences()).singleElement()
                .asString().endsWith(kind + ": expected none, observed cap_kill");
    }

    /** A list of threads always holds the caller: an empty one was not read. */
    @Test
    void refusesAnEmptyListOfThreads() {
        assertThat(catchThrowableOfType(CapsException.class, () -> Checks.requireDropped(CapabilitySet.NONE, List.of())))
                .isNotNull();
        assertThat(catchThrowableOfType(CapsException.class, () -> Checks.requireNoNamespaceCaps(List.of())))
                .isNotNull();
    }

    static Stream<Lacking> everyNamespaceCapability() {
        return Stream.of("cap_sys_admin", "cap_net_admin", "cap_sys_ptrace")
                .flatMap(name -> Stream.of(SetKind.EFFECTIVE, SetKind.PERMITTED).map(kind -> new Lacking(
                        holding(kind, CapabilitySet.parse(name + ",cap_chown")), kind.toString(), "none", name)));
    }

    @ParameterizedTest
    @MethodSource("everyNamespaceCapability")
    void findsANamespaceCapabilityOfOneThread(Lacking lacking) {
        List<ThreadStatus> threads = List.of(GOOD, lacking.thread(), GOOD);

        VerificationException refused = refused(() -> Checks.requireNoNamespaceCaps(threads));

        assertThat(refused.differences()).containsExactly(lacking.difference());
        assertThat(refused.threads()).isEqualTo(threads);
        assertThat(refused.changed()).isFalse();
        assertThat(refused).hasMessageStartingWith("requireNoNamespaceCaps: not verified: thread 2 (bad) " + lacking.what());
    }

    @ParameterizedTest
    @EnumSource(names = {"EFFECTIVE", "PERMITTED"})
    void otherCapabilitiesAreNotOfNamespaces(SetKind kind) {
        ThreadStatus other = holding(kind, CapabilitySet.parse("all-sys_admin,net_admin,sys_ptrace"));

        assertThatNoException().isThrownBy(() -> Checks.requireNoNamespaceCaps(List.of(GOOD, other)));
    }

    @ParameterizedTest
    @EnumSource(names = {"BOUNDING", "INHERITABLE", "AMBIENT"})
    void whatCannotBeUsedNowIsNotOfNamespaces(SetKind kind) {
        ThreadStatus other = holding(kind, CapabilitySet.ALL);

        assertThatNoException().isThrownBy(() -> Checks.requireNoNamespaceCaps(List.of(GOOD, other)));
    }

    private static VerificationException refused(Runnable check) {
        VerificationException refused = catchThrowableOfType(VerificationException.class, check::run);
        assertThat(refused).isNotNull();
        return refused;
    }
}
