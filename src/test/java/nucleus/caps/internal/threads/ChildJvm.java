package nucleus.caps.internal.threads;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;

/** A JVM of its own for what could harm the one that runs the tests. */
public final class ChildJvm {

    /** A scenario says this at its end: one that never ran does not look like one that went well. */
    static final String DONE = "done";

    /** A scenario that cannot run here says this. */
    private static final String ABORTED = "aborted: ";

    /** The action of the signal before anything was done about it. */
    static String found;

    /** A test in a child: whatever it throws makes it fail. */
    public interface Scenario {
        void run(AllThreads all) throws Exception;
    }

    private ChildJvm() {
    }

    public static void run(Class<? extends Scenario> scenario, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildJvm.class.getName(),
                scenario.getName()));
        Tool java = new Tool(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "");
        String output = java.run(arguments.toArray(String[]::new));
        Assumptions.assumeFalse(output.contains(ABORTED), output);
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
        } catch (TestAbortedException e) {
            System.out.println(ABORTED + e.getMessage());
        } catch (Throwable e) {
            e.printStackTrace(System.out);
            System.out.flush();
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0); // threads may be left that do not end
    }

    public static void that(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
