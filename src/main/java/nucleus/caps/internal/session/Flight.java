package nucleus.caps.internal.session;

import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import org.jspecify.annotations.Nullable;

/**
 * The event of one transition in the flight recordings that run. No method throws: an event that cannot be written is no
 * reason to refuse a transition.
 */
final class Flight {

    /**
     * The JDK sets this property when the first recording of a JVM starts. Without it, nothing of jdk.jfr is loaded: the
     * module may be absent, and the first class of an event takes 150 milliseconds in a JVM that records nothing.
     */
    private static final String REPOSITORY = "jdk.jfr.repository";

    /** Whether the class of the event is loaded. */
    private static volatile boolean loaded;

    private final @Nullable TransitionEvent event;
    private List<ThreadStatus> before = List.of();

    private Flight(@Nullable TransitionEvent event) {
        this.event = event;
    }

    /** {@return whether a recording has started, and what an event needs is not loaded} */
    static boolean mustLoad() {
        return !loaded && System.getProperty(REPOSITORY) != null;
    }

    /** Loads what an event needs. After a change, its class file may be out of reach. */
    static void load() {
        TransitionEvent.rehearse();
        loaded = true;
    }

    /** {@return the event of a step that begins now} */
    static Flight of(Scope scope, String step) {
        try {
            return new Flight(loaded ? TransitionEvent.begun(scope, step) : null);
        } catch (RuntimeException | Error e) {
            return new Flight(null);
        }
    }

    /** Notes the state before the first change. */
    void from(List<ThreadStatus> threads) {
        before = threads;
    }

    void succeeded(List<ThreadStatus> after) {
        try {
            if (event != null) {
                event.succeeded(before, after);
            }
        } catch (RuntimeException | Error e) {
            return; // the threads have changed and were read back
        }
    }

    void failed(Throwable reason) {
        try {
            if (event != null) {
                event.failed(before, reason.toString(), reason instanceof CapsException refused && refused.changed());
            }
        } catch (RuntimeException | Error e) {
            return; // the caller throws the reason
        }
    }
}
