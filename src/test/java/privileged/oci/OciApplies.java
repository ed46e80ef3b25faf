package privileged.oci;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Thrown;
import privileged.launch.LaunchWishes;

/** Gives a JVM, or threads of one, what rows ask for; or where that is refused what can be had of it. */
final class OciApplies {

    /** What came of it: what was thrown, what every thread in scope was then, and what a program printed. */
    record Ours(Optional<Thrown> refused, OutsideStatus applied, List<String> lines) {
    }

    private static final int LISTS = 4;
    private static final int LINES = 10;

    private OciApplies() {
    }

    /** The whole JVM, which becomes the program. */
    static final class OfAProcess implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            apply(points, Scope.PROCESS, args[1]).exec(List.of(args[0], "SAID "));
        }
    }

    /** A new thread for each row, which starts the program. */
    static final class OfThreads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            for (String row : List.of(args).subList(1, args.length)) {
                Checkpoints.onNewThread(() -> {
                    apply(points, Scope.THREAD, row);
                    LaunchWishes.output(new ProcessBuilder(args[0]).redirectErrorStream(true).start()).forEach(points::say);
                });
            }
        }
    }

    private static Phase.Applied apply(Checkpoints points, Scope scope, String row) {
        String[] words = row.split(" ");
        Map<String, List<String>> capabilities = Arrays.stream(words).skip(LISTS).map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0],
                        pair -> Arrays.stream(pair[1].split(",")).filter(name -> !name.isEmpty()).toList(),
                        (one, other) -> one, LinkedHashMap::new));
        Identity identity = ChildArguments.identity(words[0]);
        Phase.Initial initial = Caps.begin(scope,
                options -> words[1].equals("nnp") ? options.withNoNewPrivs() : options);
        CapabilitySets sets;
        if (words[2].equals(OciRow.GIVES)) {
            sets = CapabilitySets.ofOci(capabilities);
        } else {
            points.threw(() -> initial.apply(CapabilitySets.ofOci(capabilities), identity));
            points.at("refused");
            sets = ChildArguments.sets(words[3]);
        }
        Phase.Applied applied = initial.apply(sets, identity);
        points.at("applied");
        return applied;
    }

    /** A row as an argument: user, no_new_privs, whether it is refused, the masks to settle for, and the lists. */
    private static String argument(OciRow row) {
        return String.join(" ", row.user(), row.noNewPrivs() ? "nnp" : "new",
                row.gives() ? OciRow.GIVES : OciRow.REFUSES, row.settled().masks(),
                row.capabilities().entrySet().stream()
                        .map(list -> list.getKey() + "=" + String.join(",", list.getValue()))
                        .collect(Collectors.joining(" ")));
    }

    /** Starts a JVM for that row. */
    static Ours process(OciRow row, Path program) {
        try (ObservedChild child = ObservedChild.of(OfAProcess.class, program.toString(), argument(row)).through(OciRow.without())
                .start()) {
            return observed(child.together(), row);
        }
    }

    /** Starts a JVM for all those rows, which are then to be {@link #observed} in turn. */
    static ObservedChild threads(List<OciRow> rows, Path program) {
        String[] args = new String[rows.size() + 1];
        args[0] = program.toString();
        IntStream.range(0, rows.size()).forEach(i -> args[i + 1] = argument(rows.get(i)));
        return ObservedChild.of(OfThreads.class, args).through(OciRow.without()).start().inheriting("process reaper");
    }

    static Ours observed(ObservedChild child, OciRow row) {
        OutsideStatus start = child.start();
        if (!start.equals(start.holdingOnly(start.bounding())) || OciRow.named(start.bounding()) != OciRow.HELD) {
            throw new AssertionError("the row is for " + CapMasks.hex(OciRow.HELD) + ", and this is held: " + start);
        }
        Optional<Thrown> refused = row.gives() ? Optional.empty() : Optional.of(child.threw());
        if (refused.isPresent() && !child.at("refused").equals(start)) {
            throw new AssertionError(row + " was refused, and the thread changed");
        }
        OutsideStatus applied = child.at("applied");
        return new Ours(refused, applied,
                IntStream.range(0, LINES).mapToObj(i -> child.said().stripTrailing()).toList());
    }
}
