package nucleus.caps.internal.sys;

/** The raw system calls of this library, with their numbers on x86-64 and in asm-generic/unistd.h. */
public enum Syscall {

    ACCEPT4(288, 242),
    BIND(49, 200),
    CAPGET(125, 90),
    CAPSET(126, 91),
    CHDIR(80, 49),
    CLONE(56, 220),
    CLONE3(435, 435),
    CLOSE(3, 57),
    CLOSE_RANGE(436, 436),
    CONNECT(42, 203),
    DUP3(292, 24),
    EXECVE(59, 221),
    EXECVEAT(322, 281),
    FCHOWN(93, 55),
    FCHOWNAT(260, 54),
    FCNTL(72, 25),
    FSMOUNT(432, 432),
    FSTATFS(138, 44),
    GETDENTS64(217, 61),
    GETGROUPS(115, 158),
    GETPID(39, 172),
    GETRESGID(120, 150),
    GETRESUID(118, 148),
    GETSOCKOPT(55, 209),
    GETTID(186, 178),
    GETUID(102, 174),
    GETXATTR(191, 8),
    KILL(62, 129),
    LGETXATTR(192, 9),
    LISTEN(50, 201),
    LREMOVEXATTR(198, 15),
    LSEEK(8, 62),
    LSETXATTR(189, 6),
    MEMFD_CREATE(319, 279),
    MMAP(9, 222),
    MPROTECT(10, 226),
    NANOSLEEP(35, 101),
    OPENAT(257, 56),
    OPEN_TREE(428, 428),
    PIPE2(293, 59),
    PPOLL(271, 73),
    PRCTL(157, 167),
    READ(0, 63),
    READLINKAT(267, 78),
    RECVFROM(45, 207),
    RECVMSG(47, 212),
    RT_SIGACTION(13, 134),
    RT_SIGPROCMASK(14, 135),
    RT_TGSIGQUEUEINFO(297, 240),
    SECCOMP(317, 277),
    SENDMSG(46, 211),
    SETFSGID(123, 152),
    SETFSUID(122, 151),
    SETGROUPS(116, 159),
    SETNS(308, 268),
    SETRESGID(119, 149),
    SETRESUID(117, 147),
    SETSID(112, 157),
    SETSOCKOPT(54, 208),
    SOCKET(41, 198),
    STATFS(137, 43),
    STATX(332, 291),
    TGKILL(234, 131),
    UMASK(95, 166),
    UNSHARE(272, 97),
    WRITE(1, 64);

    private static final boolean X86_64 = System.getProperty("os.arch").equals("amd64");

    private final int x86;
    private final int generic;

    Syscall(int x86, int generic) {
        this.x86 = x86;
        this.generic = generic;
    }

    /** {@return the number on this machine} */
    public int number() {
        return X86_64 ? x86 : generic;
    }

    /**
     * {@return the number on a processor}
     *
     * @param osArch the processor, as in the property {@code os.arch}
     * @throws UnsupportedOperationException if the processor is not supported
     */
    public int on(String osArch) {
        return switch (osArch) {
            case "amd64" -> x86;
            case "aarch64", "riscv64" -> generic;
            default -> throw new UnsupportedOperationException("nucleus.caps supports the processors amd64, aarch64 and"
                    + " riscv64, not " + osArch);
        };
    }
}
