package nucleus.caps.agent;

import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Scope;

/** Prints what would fail after the drop, at the moment of the drop. The program runs on unchanged, whatever happens here. */
final class DryRun {

    private DryRun() {
    }

    static void start(AgentOptions options) {
        if (options.ports().isEmpty()) {
            advise(options);
        } else {
            Thread.ofPlatform().daemon().name("nucleus.caps agent").start(() -> advise(options));
        }
    }

    private static void advise(AgentOptions options) {
        try {
            Listening.await(options.ports(), options.within());
            for (Advice advice : Caps.begin(Scope.PROCESS).advise(options.identity())) {
                print("advice: " + advice);
            }
            print("nothing is dropped, because the option advise is given");
        } catch (Throwable e) {
            print("no advice: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        }
    }

    private static void print(String text) {
        System.err.println("nucleus.caps: " + text.replaceAll("\\R", " "));
    }
}
