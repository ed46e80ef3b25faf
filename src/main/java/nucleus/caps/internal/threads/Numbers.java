package nucleus.caps.internal.threads;

/**
 * The numbers of the system calls that a round is made of.
 *
 * @param read read(2)
 * @param openat openat(2)
 * @param close close(2)
 * @param lseek lseek(2)
 * @param getdents64 getdents64(2)
 * @param mmap mmap(2)
 * @param mprotect mprotect(2)
 * @param sigaction rt_sigaction, sigaction(2)
 * @param queue rt_tgsigqueueinfo(2)
 * @param tgkill tgkill(2)
 * @param nanosleep nanosleep(2)
 * @param getpid getpid(2)
 * @param gettid gettid(2)
 * @param getuid getuid(2)
 */
record Numbers(int read, int openat, int close, int lseek, int getdents64, int mmap, int mprotect, int sigaction,
               int queue, int tgkill, int nanosleep, int getpid, int gettid, int getuid) {

    static final Numbers X86_64 = new Numbers(0, 257, 3, 8, 217, 9, 10, 13, 297, 234, 35, 39, 186, 102);

    /** The table of asm-generic/unistd.h, which newer processors share. */
    static final Numbers GENERIC = new Numbers(63, 56, 57, 62, 61, 222, 226, 134, 240, 131, 101, 172, 178, 174);
}
