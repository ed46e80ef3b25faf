package nucleus.caps.internal.plan;

import nucleus.caps.Credentials;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Effects;

/** The way of one thread, and of all threads with equal credentials, to their end. */
final class Course {

    private final ThreadStatus thread;
    private final Credentials end;
    private Credentials now;

    Course(ThreadStatus thread, Credentials end) {
        this.thread = thread;
        this.end = end;
        now = thread.credentials();
    }

    ThreadStatus thread() {
        return thread;
    }

    Credentials end() {
        return end;
    }

    /** {@return the credentials after the changes so far} */
    Credentials now() {
        return now;
    }

    void take(Change change) {
        now = Effects.after(now, change);
    }
}
