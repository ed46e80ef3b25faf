package nucleus.caps.internal.threads;

/**
 * What one thread made of a program.
 *
 * @param tid the thread
 * @param executed how many calls succeeded; where one failed, its index
 * @param result what the last call gave, minus the errno if it failed; 0 for an empty program
 */
public record Answer(int tid, int executed, long result) {

    private static final int MAX_ERRNO = 4095;

    /** {@return whether a call failed; those behind it were not made} */
    public boolean failed() {
        return result < 0 && result >= -MAX_ERRNO;
    }

    /** {@return the errno of the call that failed, or 0} */
    public int errno() {
        return failed() ? (int) -result : 0;
    }
}
