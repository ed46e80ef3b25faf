package soak;

import java.time.Duration;

/** A thread in a call that blocks until it is released. Nothing else may end the call, and the release must. */
final class Blocked {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The call, and what it gives once it is released. */
    interface Body {
        Object run() throws Exception;
    }

    /** What ends it. */
    interface Release {
        void of(Thread blocked) throws Exception;
    }

    private final String name;
    private final Object expected;
    private final Release release;
    private final Thread thread;
    private volatile boolean released;

    Blocked(String name, Object expected, Body body, Release release) {
        this.name = name;
        this.expected = expected;
        this.release = release;
        thread = Thread.ofPlatform().daemon().name(name).start(() -> run(body));
    }

    private void run(Body body) {
        Object result;
        try {
            result = body.run();
        } catch (Exception | Error e) {
            result = e;
        }
        if (!released) {
            Diary.anomaly(name + " ended by itself: " + result);
        } else if (!expected.equals(result)) {
            Diary.anomaly(name + " gave " + result + ", not " + expected);
        } else {
            Diary.count("released");
        }
    }

    void release() throws Exception {
        released = true;
        release.of(thread);
        if (!thread.join(PATIENCE)) {
            Diary.anomaly(name + " was released and still blocks");
        }
    }

    /** For a test of the soak: ends the call as nothing may. */
    void disturb() {
        thread.interrupt();
    }
}
