package privileged;

import java.util.Arrays;

/** The main class of a child JVM. */
final class Child {

    private Child() {
    }

    public static void main(String[] args) throws Exception {
        Scenario scenario = (Scenario) Class.forName(args[0]).getDeclaredConstructor().newInstance();
        Points points = new Points();
        points.at(Held.START);
        scenario.run(points, Arrays.copyOfRange(args, 1, args.length));
    }
}
