package nucleus.caps.internal.threads;

/**
 * The report of one thread about a program that it has run. The thread itself writes it, after its last change.
 *
 * @param tid the thread
 * @param ask the number of the signal that this answers
 * @param refused the index of the last refused change, or {@link #NONE}
 * @param errno the errno of that change
 * @param results the result of each question: a value, or minus an errno
 * @param memory the thread's own memory
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; each round creates one for each thread
public record Answer(int tid, int ask, int refused, int errno, long[] results, byte[] memory) {

    public static final int NONE = -1;
}
