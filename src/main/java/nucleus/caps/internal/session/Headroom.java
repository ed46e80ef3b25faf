package nucleus.caps.internal.session;

/**
 * Stack for what a call does on the thread of its caller. A stack that overflows in the midst of a lock of
 * java.util.concurrent leaves it locked for ever, so it has to overflow before.
 */
public final class Headroom {

    /** Some ten kilobytes once compiled, some forty before. */
    private static final int FRAMES = 400;

    private Headroom() {
    }

    /**
     * Requires that there is room.
     *
     * @throws StackOverflowError if there is little left; nothing has been done then
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
