package privileged;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Leads one child through the attack, and judges it from outside. */
final class LineageRun {

    /** How long a child may be silent. The drop has two rounds, and the machine may be busy. */
    private static final Duration PATIENCE = LineageChild.DEADLINE.multipliedBy(4);

    private static final Duration WATCHED = Duration.ofMillis(60);
    private static final int LEAST_PASSES = 3;
    private static final Pattern POINT = Pattern.compile("AT (\\d+) (.*)");

    /** What a run came to. The first two are as they should be. */
    enum Outcome { DROPPED, REFUSED, FALSE_SUCCESS, FALSE_REFUSAL, ABORTED, HUNG, UNPROVEN }

    /** With what the library said, or what is wrong. */
    record Result(Outcome outcome, String message) {
    }

    /** The child did not come so far. */
    private static final class Stopped extends Exception {

        private static final long serialVersionUID = 1;

        private final Outcome outcome;

        Stopped(Outcome outcome, String message) {
            super(message);
            this.outcome = outcome;
        }
    }

    private record Point(long tid, String name) {
    }

    private final LineageCase run;
    private final Process process;
    private final BufferedReader output;
    private final Path errors;

    private LineageRun(LineageCase run, Process process, Path errors) {
        this.run = run;
        this.process = process;
        this.output = process.inputReader();
        this.errors = errors;
    }

    /** Starts the child, judges it, and ends it. */
    static Result of(LineageCase run, Class<? extends Scenario> child, Path library, Path directory) throws IOException {
        Path errors = directory.resolve("errors");
        Process process = new Launch(child, LineageChild.arguments(run, library.toString()))
                .option("-XX:-CreateCoredumpOnCrash").option("-XX:ErrorFile=/dev/null").builder()
                .redirectError(errors.toFile()).start();
        try {
            return new LineageRun(run, process, errors).judge();
        } catch (Stopped e) {
            return new Result(e.outcome, e.getMessage());
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    private Result judge() throws IOException, Stopped {
        Point start = expect(Held.START);
        OutsideStatus ordinary = OutsideStatus.of(start.tid);
        goOn();
        OutsideStatus different = OutsideStatus.of(expect(LineageChild.FOUNDED).tid);
        if (run.difference().isInStatus() == different.equals(ordinary)) {
            throw new Stopped(Outcome.UNPROVEN, "the founder is " + different);
        }
        Observer observer = new Observer(process.pid());
        goOn();
        String result = next().name;
        return result.equals(LineageChild.DROPPED) ? afterSuccess(observer)
                : afterRefusal(observer, result, List.of(ordinary, different));
    }

    /** The member that stays at the end is read surely; those before it are read when they can be caught. */
    private Result afterSuccess(Observer observer) throws IOException, Stopped {
        long began = System.nanoTime();
        String meanwhile = "";
        for (int pass = 0; meanwhile.isEmpty()
                && (pass < LEAST_PASSES || System.nanoTime() - began < WATCHED.toNanos()); pass++) {
            meanwhile = look(() -> observer.othersThan(List.of(Observer.NOTHING)));
        }
        goOn();
        expect(LineageChild.SETTLED);
        String atTheEnd = look(() -> observer.othersThan(List.of(Observer.NOTHING)));
        String wrong = atTheEnd.isEmpty() ? meanwhile : atTheEnd;
        return wrong.isEmpty() ? new Result(Outcome.DROPPED, "") : new Result(Outcome.FALSE_SUCCESS, wrong);
    }

    private Result afterRefusal(Observer observer, String result, List<OutsideStatus> before) throws IOException, Stopped {
        String[] words = result.split(" ", 3);
        if (!words[0].equals(LineageChild.REFUSED)) {
            throw new Stopped(Outcome.UNPROVEN, "says " + result);
        }
        goOn();
        expect(LineageChild.SETTLED);
        String wrong = words[1].equals("true") ? "" : look(() -> observer.othersThan(before));
        return wrong.isEmpty() ? new Result(Outcome.REFUSED, words[2])
                : new Result(Outcome.FALSE_REFUSAL, "nothing was changed, it says: " + words[2] + "; but " + wrong);
    }

    private interface Look {
        String now();
    }

    private String look(Look look) throws IOException, Stopped {
        try {
            return look.now();
        } catch (UncheckedIOException e) {
            throw ended();
        }
    }

    private Point expect(String name) throws IOException, Stopped {
        Point point = next();
        if (!point.name.equals(name)) {
            throw new Stopped(Outcome.UNPROVEN, "says " + point + ", not " + name);
        }
        return point;
    }

    private Point next() throws IOException, Stopped {
        try {
            String line = CompletableFuture.supplyAsync(this::line).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Matcher matcher = POINT.matcher(line);
            if (line.isEmpty()) {
                throw ended();
            }
            if (!matcher.matches()) {
                throw new Stopped(Outcome.UNPROVEN, "says " + line);
            }
            return new Point(Long.parseLong(matcher.group(1)), matcher.group(2));
        } catch (TimeoutException e) {
            throw new Stopped(Outcome.HUNG, "says nothing for " + PATIENCE);
        } catch (ExecutionException e) {
            throw ended();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String line() {
        try {
            String line = output.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void goOn() throws IOException, Stopped {
        try {
            process.outputWriter().write('\n');
            process.outputWriter().flush();
        } catch (IOException e) {
            throw ended();
        }
    }

    private Stopped ended() throws IOException {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Stopped(Outcome.HUNG, "neither speaks nor ends");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        String said = Files.readString(errors);
        return new Stopped(Outcome.ABORTED, "exit code " + process.exitValue() + ": "
                + said.substring(0, Math.min(said.length(), 400)).strip().replaceAll("\\s+", " "));
    }
}
