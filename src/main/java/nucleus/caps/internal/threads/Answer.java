package nucleus.caps.internal.threads;

/**
 * What one thread says of a program that it has run. It says so itself, after its last change.
 *
 * @param tid the thread
 * @param ask the number of the signal that it answers
 * @param refused the index of the last change that was refused, or {@link #NONE}
 * @param errno what the kernel answered to that
 * @param results what the questions gave: a value, or minus an errno
 * @param memory the thread's own memory
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and one is made for each thread in each round
public record Answer(int tid, int ask, int refused, int errno, long[] results, byte[] memory) {

    public static final int NONE = -1;
}
