package nucleus.caps.internal.session;

/**
 * Checks the stack that a call needs on its caller's thread. A stack overflow inside a lock of java.util.concurrent leaves it
 * locked forever, so the overflow must happen before.
 */
public final class Headroom {

    /** About 10 kilobytes of stack in compiled code, about 40 in interpreted code. */
    private static final int FRAMES = 400;

    private Headroom() {
    }

    /**
     * Requires enough free stack.
     *
     * @throws StackOverflowError if too little is left; nothing has changed then
     */
    public static void require() {
        if (descend(FRAMES, 0, 0, 0) < 0) {
            throw new IllegalStateException();
        }
    }

    private static long descend(int frames, long a, long b, long c) {
        return frames == 0 ? a + b + c : descend(frames - 1, b + 1, c + 1, a + 1);
    }
}
