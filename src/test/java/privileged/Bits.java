package privileged;

/** Masks as /proc prints them, from capability.h and not from the library. */
final class Bits {

    static final long CHOWN = 1L;
    static final long KILL = 1L << 5;
    static final long SETGID = 1L << 6;
    static final long SETUID = 1L << 7;
    static final long SETPCAP = 1L << 8;
    static final long NET_BIND_SERVICE = 1L << 10;
    static final long NET_ADMIN = 1L << 12;
    static final long SYS_PTRACE = 1L << 19;
    static final long SYS_ADMIN = 1L << 21;

    /** What Docker gives a container that asks for nothing. */
    static final long DOCKER = 0xa80425fbL;

    /** The uid and gid of nobody on every distribution; also what the kernel shows for an id without a mapping. */
    static final long NOBODY = 65534;

    private Bits() {
    }

    static String hex(long mask) {
        return "%016x".formatted(mask);
    }
}
