package privileged.harness;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Masks as /proc prints them, from capability.h and not from the library. */
public final class CapMasks {

    public static final long CHOWN = 1L;
    public static final long KILL = 1L << 5;
    public static final long SETGID = 1L << 6;
    public static final long SETUID = 1L << 7;
    public static final long SETPCAP = 1L << 8;
    public static final long LINUX_IMMUTABLE = 1L << 9;
    public static final long NET_BIND_SERVICE = 1L << 10;
    public static final long NET_RAW = 1L << 13;
    public static final long IPC_LOCK = 1L << 14;
    public static final long SYS_CHROOT = 1L << 18;
    public static final long SYS_PTRACE = 1L << 19;
    public static final long SYS_ADMIN = 1L << 21;
    public static final long SETFCAP = 1L << 31;

    /** What seccomp(2) wants for a filter without no_new_privs, as {@link SeccompFilter#refuse} installs it. */
    public static final long FOR_FILTERS = SYS_ADMIN;

    /** What unshare(2) and mount(2) want, where the user namespace stays the same. */
    public static final long FOR_NAMESPACES = SYS_ADMIN;

    /** What ptrace(2) wants, that is strace, of a process that is no longer dumpable since it changed its ids. */
    public static final long FOR_STRACE = SYS_PTRACE;

    /** What Docker gives a container that asks for nothing. */
    public static final long DOCKER = 0xa80425fbL;

    /** As capability.h numbers them. */
    private static final Map<Long, String> NAMES = Map.of(SETGID, "cap_setgid", SETUID, "cap_setuid",
            SETPCAP, "cap_setpcap", NET_BIND_SERVICE, "cap_net_bind_service", SYS_PTRACE, "cap_sys_ptrace",
            SYS_ADMIN, "cap_sys_admin", IPC_LOCK, "cap_ipc_lock");

    private CapMasks() {
    }

    public static String hex(long mask) {
        return "%016x".formatted(mask);
    }

    /** Those that a test may need, by name; any other by number. */
    public static String names(long mask) {
        return LongStream.iterate(1, bit -> bit != 0, bit -> bit << 1).filter(bit -> (mask & bit) != 0)
                .mapToObj(bit -> NAMES.getOrDefault(bit, Integer.toString(Long.numberOfTrailingZeros(bit))))
                .collect(Collectors.joining(", "));
    }
}
