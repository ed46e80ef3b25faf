package nucleus.caps.internal.kernel;

/**
 * The calls that start a program: by this process, or by one of its children for itself.
 *
 * @param read read(2)
 * @param write write(2)
 * @param close close(2)
 * @param ppoll ppoll(2)
 * @param fcntl fcntl(2)
 * @param openat openat(2)
 * @param pipe2 pipe(2)
 * @param statfs statfs(2)
 * @param getxattr getxattr(2)
 * @param memfd_create memfd_create(2)
 * @param close_range close_range(2)
 * @param rt_sigaction sigaction(2)
 * @param rt_sigprocmask sigprocmask(2)
 * @param execve execve(2)
 */
record LaunchNumbers(int read, int write, int close, int ppoll, int fcntl, int openat, int pipe2, int statfs,
                     int getxattr, int memfd_create, int close_range, int rt_sigaction, int rt_sigprocmask,
                     int execve) {

    static final LaunchNumbers X86_64 =
            new LaunchNumbers(0, 1, 3, 271, 72, 257, 293, 137, 191, 319, 436, 13, 14, 59);

    /** The table of asm-generic/unistd.h, which newer processors share. */
    static final LaunchNumbers GENERIC =
            new LaunchNumbers(63, 64, 57, 73, 25, 56, 59, 43, 8, 279, 436, 134, 135, 221);

    static LaunchNumbers of(String osArch) {
        return osArch.equals("amd64") ? X86_64 : GENERIC;
    }
}
