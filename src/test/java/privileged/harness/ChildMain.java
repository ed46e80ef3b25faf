package privileged.harness;

import java.lang.reflect.Constructor;
import java.util.Arrays;

/** The main class of a child JVM. */
public final class ChildMain {

    private ChildMain() {
    }

    public static void main(String[] args) throws Exception {
        Constructor<?> constructor = Class.forName(args[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        ChildScenario scenario = (ChildScenario) constructor.newInstance();
        Checkpoints points = new Checkpoints();
        points.at(ObservedChild.START);
        scenario.run(points, Arrays.copyOfRange(args, 1, args.length));
    }
}
