package nucleus.caps.internal.proc;

import nucleus.caps.internal.sys.FilterProgram;

/**
 * The seccomp filters of a thread, the lines Seccomp and Seccomp_filters of proc_pid_status(5).
 *
 * @param mode the mode: 0 for none, 1 for strict, 2 for filters
 * @param count how many filters it has, or {@link #UNKNOWN}
 */
public record Filters(int mode, int count) {

    /** A kernel older than Linux 5.9 does not count them. */
    static final int UNKNOWN = -1;

    /** {@return these filters and one more} */
    public Filters oneMore() {
        return new Filters(FilterProgram.MODE, count == UNKNOWN ? UNKNOWN : count + 1);
    }

    /** {@return whether there are at least as many filters} Filters are never removed. */
    public boolean isAtLeast(Filters least) {
        return mode == least.mode && count >= least.count;
    }

    @Override
    public String toString() {
        return "mode " + mode + (count == UNKNOWN ? "" : ", filters " + count);
    }
}
