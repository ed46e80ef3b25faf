package privileged.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.FragileChild;
import privileged.harness.ProcTasks;

/** Leads one child through one fault, and judges from outside what the library said. */
final class FaultRun {

    /** Caps.begin waits for no thread but its own. */
    private static final Duration BEGIN_DEADLINE = Duration.ofSeconds(5);

    /** How long a child may be silent: longer than the library may wait. One fault delays only one round. */
    private static final Duration PATIENCE = BEGIN_DEADLINE.plus(FaultPath.DEADLINE).plusSeconds(20);

    /** What a run came to. The first three are as they should be. */
    enum Outcome {
        SUCCEEDED, REFUSED_UNCHANGED, REFUSED_CHANGED, NOT_REACHED, FALSE_STATEMENT, ABORTED, HUNG
    }

    /** With what the library said, or what is wrong. */
    record Result(Outcome outcome, String message, Supervisor.Report report) {
    }

    private final FaultPath path;
    private final FragileChild child;
    private Outcome outcome;
    private String message = "";

    private FaultRun(FaultPath path, FragileChild child) {
        this.path = path;
        this.child = child;
    }

    /** Starts the child, judges it, and ends it. */
    static Result of(FaultPath path, Fault fault, Class<? extends ChildScenario> scenario, Supervisor supervisor,
                     Path directory)
            throws IOException {
        Path report = directory.resolve("report");
        FragileChild child = new FragileChild(new ChildCommand(scenario, path.name())
                .through(supervisor.command(fault, report)), directory.resolve("errors"), PATIENCE);
        FaultRun run = new FaultRun(path, child);
        try {
            run.judge();
        } catch (FragileChild.Stopped e) {
            run.found(e.hung() ? Outcome.HUNG : Outcome.ABORTED, e.getMessage());
        } finally { // the supervisor ends by itself, once its report is written
            child.process().descendants().forEach(ProcessHandle::destroyForcibly);
            child.process().onExit().join();
        }
        Supervisor.Report read = Supervisor.read(report);
        boolean reached = fault == Fault.NONE || read.fault() || run.outcome.compareTo(Outcome.NOT_REACHED) > 0;
        return new Result(reached ? run.outcome : Outcome.NOT_REACHED, run.message, read);
    }

    private void judge() throws FragileChild.Stopped {
        child.next();
        child.goOn();
        long process = ProcTasks.process(child.next().tid());
        Snapshot before = Snapshot.of(process);
        child.goOn();
        FragileChild.Point end = child.next();
        Snapshot after = Snapshot.of(process);
        String[] words = end.text().split(" ", 3);
        String said = words.length < 3 ? "" : words[2];
        switch (words[0]) {
            case FaultChild.DROPPED ->
                statement(Outcome.SUCCEEDED, path.wrongAfterSuccess(before, after, end.tid()), said);
            case FaultChild.REFUSED -> refused(before, after, said);
            case FaultChild.BROKEN -> statement(Outcome.REFUSED_UNCHANGED, after.differencesFrom(before), said);
            default -> throw new IllegalStateException(end.text());
        }
        if (!words[1].equals("0")) {
            found(Outcome.FALSE_STATEMENT, "KEEPCAPS is left on: " + end.text());
        }
    }

    private void refused(Snapshot before, Snapshot after, String said) {
        String differences = after.differencesFrom(before);
        if (said.startsWith("false ")) {
            statement(Outcome.REFUSED_UNCHANGED, differences, said);
        } else {
            boolean unsure = said.contains("unknown") || said.contains("cannot be");
            statement(Outcome.REFUSED_CHANGED, differences.isEmpty() && !unsure ? "nothing is changed" : "", said);
        }
    }

    private void statement(Outcome right, String wrong, String said) {
        if (wrong.isEmpty()) {
            found(right, said);
        } else {
            found(Outcome.FALSE_STATEMENT, "\"" + said + "\", but " + wrong);
        }
    }

    private void found(Outcome as, String told) {
        outcome = as;
        message = told;
    }
}
