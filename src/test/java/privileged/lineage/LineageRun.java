package privileged.lineage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.FragileChild;
import privileged.harness.ObservedChild;
import privileged.harness.Observer;
import privileged.harness.OutsideStatus;

/** Leads one child through the attack, and judges it from outside. */
final class LineageRun {

    /** How long a child may be silent. The drop has two rounds, and the machine may be busy. */
    private static final Duration PATIENCE = LineageChild.DEADLINE.multipliedBy(4);

    private static final Duration WATCHED = Duration.ofMillis(60);
    private static final int LEAST_PASSES = 3;

    /** What a run came to. The first two are as they should be. */
    enum Outcome {
        DROPPED, REFUSED, FALSE_SUCCESS, FALSE_REFUSAL, ABORTED, HUNG, UNPROVEN
    }

    /** With what the library said, or what is wrong. */
    record Result(Outcome outcome, String message) {
    }

    /** The child came to something else than expected. */
    private static final class Unproven extends Exception {

        private static final long serialVersionUID = 1;

        Unproven(String message) {
            super(message);
        }
    }

    private final LineageCase run;
    private final FragileChild child;

    private LineageRun(LineageCase run, FragileChild child) {
        this.run = run;
        this.child = child;
    }

    /** Starts the child, judges it, and ends it. */
    static Result of(LineageCase run, Class<? extends ChildScenario> scenario, Path library, Path directory)
            throws IOException {
        FragileChild child = new FragileChild(new ChildCommand(scenario, LineageChild.arguments(run, library.toString())),
                directory.resolve("errors"), PATIENCE);
        try {
            return new LineageRun(run, child).judge();
        } catch (FragileChild.Stopped e) {
            return new Result(e.hung() ? Outcome.HUNG : Outcome.ABORTED, e.getMessage());
        } catch (Unproven e) {
            return new Result(Outcome.UNPROVEN, e.getMessage());
        } finally {
            child.process().destroyForcibly().onExit().join();
        }
    }

    private Result judge() throws FragileChild.Stopped, Unproven {
        FragileChild.Point start = expect(ObservedChild.START);
        OutsideStatus ordinary = OutsideStatus.of(start.tid());
        child.goOn();
        OutsideStatus different = OutsideStatus.of(expect(LineageChild.FOUNDED).tid());
        if (run.difference().isInStatus() == different.equals(ordinary)) {
            throw new Unproven("the founder is " + different);
        }
        Observer observer = new Observer(child.process().pid());
        child.goOn();
        String result = child.next().text();
        return result.equals(LineageChild.DROPPED) ? afterSuccess(observer)
                : afterRefusal(observer, result, List.of(ordinary, different));
    }

    /** The member that stays at the end is read surely; those before it are read when they can be caught. */
    private Result afterSuccess(Observer observer) throws FragileChild.Stopped, Unproven {
        long began = System.nanoTime();
        String meanwhile = "";
        for (int pass = 0; meanwhile.isEmpty()
                && (pass < LEAST_PASSES || System.nanoTime() - began < WATCHED.toNanos()); pass++) {
            meanwhile = look(() -> observer.othersThan(List.of(Observer.NOTHING)));
        }
        child.goOn();
        expect(LineageChild.SETTLED);
        String atTheEnd = look(() -> observer.othersThan(List.of(Observer.NOTHING)));
        String wrong = atTheEnd.isEmpty() ? meanwhile : atTheEnd;
        return wrong.isEmpty() ? new Result(Outcome.DROPPED, "") : new Result(Outcome.FALSE_SUCCESS, wrong);
    }

    private Result afterRefusal(Observer observer, String result, List<OutsideStatus> before)
            throws FragileChild.Stopped, Unproven {
        String[] words = result.split(" ", 3);
        if (!words[0].equals(LineageChild.REFUSED)) {
            throw new Unproven("says " + result);
        }
        child.goOn();
        expect(LineageChild.SETTLED);
        String wrong = words[1].equals("true") ? "" : look(() -> observer.othersThan(before));
        return wrong.isEmpty() ? new Result(Outcome.REFUSED, words[2])
                : new Result(Outcome.FALSE_REFUSAL, "nothing was changed, it says: " + words[2] + "; but " + wrong);
    }

    private String look(Supplier<String> look) throws FragileChild.Stopped {
        try {
            return look.get();
        } catch (UncheckedIOException e) {
            throw child.ended();
        }
    }

    private FragileChild.Point expect(String name) throws FragileChild.Stopped, Unproven {
        FragileChild.Point point = child.next();
        if (!point.text().equals(name)) {
            throw new Unproven("says " + point + ", not " + name);
        }
        return point;
    }
}
