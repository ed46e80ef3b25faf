package privileged;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Leads one child through one fault, and judges from outside what the library said. */
final class FaultRun {

    /** Caps.begin waits for no thread but its own. */
    private static final Duration BEGIN_DEADLINE = Duration.ofSeconds(5);

    /** How long a child may be silent: longer than the library may wait. One fault delays only one round. */
    private static final Duration PATIENCE = BEGIN_DEADLINE.plus(FaultPath.DEADLINE).plusSeconds(20);

    private static final Pattern POINT = Pattern.compile("AT (\\d+) (.*)");

    /** What a run came to. The first three are as they should be. */
    enum Outcome { SUCCEEDED, REFUSED_UNCHANGED, REFUSED_CHANGED, NOT_REACHED, FALSE_STATEMENT, ABORTED, HUNG }

    /** With what the library said, or what is wrong. */
    record Result(Outcome outcome, String message, Supervisor.Report report) {
    }

    private record Point(long tid, String text) {
    }

    private final FaultPath path;
    private final Process process;
    private final BufferedReader output;
    private Outcome outcome;
    private String message = "";

    private FaultRun(FaultPath path, Process process) {
        this.path = path;
        this.process = process;
        this.output = process.inputReader();
    }

    /** Starts the child, judges it, and ends it. */
    static Result of(FaultPath path, Fault fault, Class<? extends Scenario> child, Supervisor supervisor,
                     Path directory) throws IOException {
        Path report = directory.resolve("report");
        Path errors = directory.resolve("errors");
        Process process = new Launch(child, path.name()).through(supervisor.command(fault, report))
                .option("-XX:-CreateCoredumpOnCrash").option("-XX:ErrorFile=/dev/null").builder()
                .redirectError(errors.toFile()).start();
        FaultRun run = new FaultRun(path, process);
        try {
            run.judge();
        } catch (TimeoutException e) {
            run.found(Outcome.HUNG, "says nothing for " + PATIENCE);
        } catch (ExecutionException | IOException e) {
            run.found(Outcome.ABORTED, run.end() + ": " + Files.readString(errors).replaceAll("\\s+", " "));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.onExit().join();
        }
        Supervisor.Report read = Supervisor.read(report);
        boolean reached = fault == Fault.NONE || read.fault() || run.outcome.compareTo(Outcome.NOT_REACHED) > 0;
        return new Result(reached ? run.outcome : Outcome.NOT_REACHED, run.message, read);
    }

    private void judge() throws IOException, TimeoutException, ExecutionException, InterruptedException {
        next();
        goOn();
        long child = Tasks.process(next().tid);
        Snapshot before = Snapshot.of(child);
        goOn();
        Point end = next();
        Snapshot after = Snapshot.of(child);
        String[] words = end.text.split(" ", 3);
        String said = words.length < 3 ? "" : words[2];
        switch (words[0]) {
            case FaultChild.DROPPED ->
                    statement(Outcome.SUCCEEDED, path.wrongAfterSuccess(before, after, end.tid), said);
            case FaultChild.REFUSED -> refused(before, after, said);
            case FaultChild.BROKEN -> statement(Outcome.REFUSED_UNCHANGED, after.differencesFrom(before), said);
            default -> throw new IllegalStateException(end.text);
        }
        if (!words[1].equals("0")) {
            found(Outcome.FALSE_STATEMENT, "KEEPCAPS is left on: " + end.text);
        }
    }

    private void refused(Snapshot before, Snapshot after, String said) {
        String differences = after.differencesFrom(before);
        if (said.startsWith("false ")) {
            statement(Outcome.REFUSED_UNCHANGED, differences, said);
        } else {
            boolean unsure = said.contains("not known") || said.contains("cannot be");
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

    private Point next() throws TimeoutException, ExecutionException, InterruptedException {
        String line = CompletableFuture.supplyAsync(this::line).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        Matcher matcher = POINT.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalStateException(line);
        }
        return new Point(Long.parseLong(matcher.group(1)), matcher.group(2));
    }

    /** Ends with an exception where the child has ended. */
    private String line() {
        try {
            String line = output.readLine();
            if (line == null) {
                throw new IOException("the child says nothing more");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void goOn() throws IOException {
        process.outputWriter().write('\n');
        process.outputWriter().flush();
    }

    private String end() {
        try {
            return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) ? "exit code " + process.exitValue()
                    : "neither speaks nor ends";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
