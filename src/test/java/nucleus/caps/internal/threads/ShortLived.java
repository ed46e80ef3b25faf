package nucleus.caps.internal.threads;

/** Threads of which each creates the next and ends: one of them lives at any time. */
public final class ShortLived {

    public static final String NAME = "lineage";

    private ShortLived() {
    }

    /** A thread gives itself its name; its child begins with that. So all but the first have it from their beginning. */
    public static void begin() {
        next();
        while (!Raw.names().containsValue(NAME)) {
            Thread.onSpinWait();
        }
    }

    private static void next() {
        Thread.ofPlatform().name(NAME).daemon().start(() -> {
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            next();
        });
    }
}
