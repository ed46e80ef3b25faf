package nucleus.caps.internal.session;

import java.util.List;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import org.jspecify.annotations.Nullable;

/** A step of a phase, as a flight recording shows it. The only class that needs jdk.jfr. */
@Name("nucleus.caps.Transition")
@Label("Transition")
@Category("nucleus.caps")
@Description("A step of a phase that changed the credentials of threads, or that failed. If it failed, the fields on the state"
        + " afterwards are empty.")
final class TransitionEvent extends Event {

    @Label("Scope")
    @Description("PROCESS: every thread of the JVM. THREAD: the event thread")
    String scope = "";

    @Label("Step")
    @Description("The method of the phase")
    String step = "";

    @Label("Threads")
    @Description("The threads whose state was read back after the step")
    int threads;

    @Label("Old Identity")
    @Description("The effective ids and the groups of the calling thread before the step")
    @Nullable
    String oldIdentity;

    @Label("New Identity")
    @Description("The effective ids and the groups of the calling thread after the step")
    @Nullable
    String newIdentity;

    @Label("Permitted Set")
    @Description("The capabilities that the calling thread kept")
    @Nullable
    String permitted;

    @Label("Bounding Set")
    @Description("The capabilities that the calling thread or a program that it starts can get")
    @Nullable
    String bounding;

    @Label("no_new_privs")
    @Description("Whether no program that the calling thread starts can gain privileges")
    boolean noNewPrivs;

    @Label("Failed")
    boolean failed;

    @Label("Changed")
    @Description("Whether the step changed a thread or a file before it failed")
    boolean changed;

    @Label("Reason")
    @Description("The reason for the failure")
    @Nullable
    String reason;

    /** Loads and links what a later event needs. Records nothing. */
    static void rehearse() {
        TransitionEvent event = begun(Scope.THREAD, "");
        event.end();
        event.shouldCommit();
    }

    static TransitionEvent begun(Scope scope, String step) {
        TransitionEvent event = new TransitionEvent();
        event.scope = scope.name();
        event.step = step;
        event.begin();
        return event;
    }

    void succeeded(List<ThreadStatus> before, List<ThreadStatus> after) {
        ThreadStatus one = after.getFirst();
        threads = after.size();
        oldIdentity = identity(before);
        newIdentity = identity(after);
        permitted = one.sets().permitted().toString();
        bounding = one.sets().bounding().toString();
        noNewPrivs = one.noNewPrivs();
        commit();
    }

    void failed(List<ThreadStatus> before, String why, boolean halfway) {
        oldIdentity = identity(before);
        failed = true;
        changed = halfway;
        reason = why;
        commit();
    }

    private static @Nullable String identity(List<ThreadStatus> threads) {
        return threads.isEmpty() ? null : Session.identity(threads.getFirst()).toString();
    }
}
