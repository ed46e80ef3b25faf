package nucleus.caps.agent;

import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.internal.session.Halt;
import org.jspecify.annotations.Nullable;

/** Drops before {@code main}, or when the program listens on its ports. With the option advise, it only gives advice. */
public final class Agent {

    private static final String LOG = "nucleus.caps.log";

    private Agent() {
    }

    /**
     * Called by the JVM before {@code main}. Ends the JVM if the options are wrong or the drop is refused.
     *
     * @param text the options, as {@link AgentOptions} reads them; null without any
     */
    public static void premain(@Nullable String text) {
        // A logger of the program would be initialised too early: main may still choose another log manager.
        if (System.getProperty(LOG) == null) {
            System.setProperty(LOG, "info");
        }
        try {
            AgentOptions options = AgentOptions.parse(text == null ? "" : text);
            if (options.advise()) {
                DryRun.start(options);
                return;
            }
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            if (options.ports().isEmpty()) {
                initial.dropExcept(options.keep(), options.identity());
            } else {
                Thread.ofPlatform().daemon().name("nucleus.caps agent").start(() -> dropLater(initial, options));
            }
        } catch (Throwable e) {
            throw Halt.because(e);
        }
    }

    private static void dropLater(Phase.Initial initial, AgentOptions options) {
        try {
            Listening.await(options.ports(), options.within());
            initial.dropExcept(options.keep(), options.identity());
        } catch (Throwable e) {
            throw Halt.because(e);
        }
    }
}
