package nucleus.caps.internal.threads;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own for what could harm the one that runs the tests. */
final class ChildJvm {

    /** What a scenario says at its end, lest one that never ran should look like one that went well. */
    static final String DONE = "done";

    /** The action of the signal before anything was done about it. */
    static String found;

    /** A test in a child: whatever it throws makes it fail. */
    interface Scenario {
        void run(AllThreads all) throws Exception;
    }

    private ChildJvm() {
    }

    static void run(Class<? extends Scenario> scenario, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildJvm.class.getName(),
                scenario.getName()));
        Tool java = new Tool(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "");
        String output = java.run(arguments.toArray(String[]::new));
        if (!output.strip().endsWith(DONE)) {
            throw new AssertionError("the child did not come to its end:\n" + output);
        }
    }

    public static void main(String[] args) throws Exception {
        Scenario scenario = (Scenario) Class.forName(args[0]).getDeclaredConstructor().newInstance();
        try {
            found = Raw.action();
            scenario.run(AllThreads.prepare());
            System.out.println(DONE);
        } catch (Throwable e) {
            e.printStackTrace(System.out);
            System.out.flush();
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0); // threads may be left that do not end
    }

    static void that(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
