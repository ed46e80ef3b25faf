package nucleus.caps.internal.sys;

import static nucleus.caps.Capability.CAP_SETFCAP;
import static nucleus.caps.Capability.CAP_SYS_ADMIN;
import static nucleus.caps.Capability.CAP_SYS_RESOURCE;
import static nucleus.caps.internal.sys.Cause.Kind.EXECVE;
import static nucleus.caps.internal.sys.Cause.Kind.GET_CAPABILITIES;
import static nucleus.caps.internal.sys.Cause.Kind.PATH;
import static nucleus.caps.internal.sys.Cause.Kind.SET_CAPABILITIES;
import static nucleus.caps.internal.sys.Cause.Kind.THREAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of each call, errno and state. */
class CauseTest {

    private static final Errno EROFS = new Errno(30);
    private static final Errno E2BIG = new Errno(7);
    private static final Errno ENOTDIR = new Errno(20);

    private static final CallerState NOTHING = new CallerState(CapabilitySet.NONE, true, false, false);
    private static final CallerState SETFCAP = with(CapabilitySet.of(CAP_SETFCAP));
    private static final CallerState IMMUTABLE = new CallerState(SETFCAP.effective(), true, false, true);
    private static final CallerState NESTED = new CallerState(SETFCAP.effective(), false, false, false);
    private static final CallerState UNMAPPED = new CallerState(SETFCAP.effective(), false, true, false);
    private static final List<CallerState> STATES = List.of(NOTHING, SETFCAP, IMMUTABLE, NESTED, UNMAPPED,
            new CallerState(CapabilitySet.ALL, true, false, false), new CallerState(CapabilitySet.NONE, false, true, true));

    private static final String NO_SETFCAP = "needs CAP_SETFCAP in the effective set";
    private static final String FIXED = "the file is immutable or append-only, chattr(1)";
    private static final String OWNER = "the owner or the group of the file has no mapping in this user namespace";
    private static final String ROOT_UID = "its root uid has no mapping in this user namespace";
    private static final String NPROC = "the user has as many processes and threads as RLIMIT_NPROC allows, or ";
    private static final String OTHER_LIMITS = "the cgroup as many as its pids.max, or memory is short";

    private static CallerState with(CapabilitySet effective) {
        return new CallerState(effective, true, false, false);
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                arguments(SET_CAPABILITIES, Errno.EPERM, NOTHING, NO_SETFCAP),
                arguments(SET_CAPABILITIES, Errno.EPERM, SETFCAP, Cause.UNFORESEEN),
                arguments(SET_CAPABILITIES, Errno.EPERM, IMMUTABLE, FIXED),
                arguments(SET_CAPABILITIES, Errno.EPERM, NESTED, Cause.UNFORESEEN),
                arguments(SET_CAPABILITIES, Errno.EPERM, UNMAPPED, OWNER),
                arguments(SET_CAPABILITIES, Errno.EPERM, STATES.getLast(), NO_SETFCAP + ", and " + FIXED + ", and " + OWNER),
                arguments(SET_CAPABILITIES, Errno.EINVAL, SETFCAP, "the kernel takes it for malformed"),
                arguments(SET_CAPABILITIES, Errno.EINVAL, NESTED, ROOT_UID + ", or the kernel takes it for malformed"),
                arguments(SET_CAPABILITIES, Errno.EACCES, SETFCAP, "the caller may not reach or read it"),
                arguments(SET_CAPABILITIES, EROFS, SETFCAP, "its file system is mounted read-only"),
                arguments(GET_CAPABILITIES, Errno.EPERM, NOTHING, Cause.UNFORESEEN),
                arguments(GET_CAPABILITIES, Errno.EINVAL, NESTED, "the kernel takes it for malformed, and shows nothing of it"),
                arguments(GET_CAPABILITIES, Errno.EOVERFLOW, NESTED, ROOT_UID),
                arguments(GET_CAPABILITIES, Errno.ENOENT, NOTHING, "the path does not exist"),
                arguments(EXECVE, Errno.EAGAIN, NOTHING,
                        "the user has as many processes and threads as RLIMIT_NPROC allows; setrlimit(2)"),
                arguments(EXECVE, E2BIG, NOTHING, "the arguments and the environment are too long together"),
                arguments(EXECVE, ENOTDIR, NOTHING, "a part of the path is no directory"),
                arguments(PATH, ENOTDIR, NOTHING, "a part of the path is no directory"),
                arguments(THREAD, Errno.EAGAIN, NOTHING, NPROC + OTHER_LIMITS),
                arguments(THREAD, Errno.EAGAIN, with(CapabilitySet.of(CAP_SYS_RESOURCE)), OTHER_LIMITS),
                arguments(THREAD, Errno.EAGAIN, with(CapabilitySet.of(CAP_SYS_ADMIN)), OTHER_LIMITS),
                arguments(THREAD, Errno.EAGAIN, new CallerState(CapabilitySet.ALL, false, false, false), NPROC + OTHER_LIMITS));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void namesTheCausesThatTheStateAllows(Cause.Kind kind, Errno errno, CallerState state, String cause) {
        assertThat(Cause.of(kind, errno, state)).isEqualTo(cause);
    }

    /** All calls, errnos and states. */
    @Test
    void neverMistakesAbsenceForARefusalOrARefusalForAbsence() {
        for (Cause.Kind kind : Cause.Kind.values()) {
            for (int number : IntStream.rangeClosed(1, 133).toArray()) {
                Errno errno = new Errno(number);
                for (CallerState state : STATES) {
                    String cause = Cause.of(kind, errno, state);

                    assertThat(cause).as("%s, %s, %s", kind, errno.name(), state).isNotBlank();
                    if (errno.equals(Errno.EACCES) || errno.equals(Errno.EPERM)) {
                        assertThat(cause).as("%s, %s", kind, errno.name()).doesNotContain("not exist", "not there", "no such");
                    }
                    if (errno.equals(Errno.ENOENT) || errno.equals(Errno.ESRCH)) {
                        assertThat(cause).as("%s, %s", kind, errno.name()).doesNotContain("may not", "CAP_", "forbid");
                    }
                    if (cause.contains("CAP_SETFCAP")) {
                        assertThat(errno).isEqualTo(Errno.EPERM);
                        assertThat(state.effective().contains(CAP_SETFCAP)).isFalse();
                    }
                    if (cause.contains("RLIMIT_NPROC")) {
                        assertThat(errno).isEqualTo(Errno.EAGAIN);
                    }
                }
            }
        }
    }
}
