package privileged.lineage;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.TestIds;

/** The process under attack: a lineage lives while the main thread drops everything. {@link LineageRun} looks on. */
final class LineageChild implements ChildScenario.WithSyscalls {

    /** The kernel's name of each member. */
    static final String NAME = "lineage";

    /** How long each thread has to answer. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    static final String FOUNDED = "founded";
    static final String DROPPED = "dropped";
    static final String REFUSED = "refused";
    static final String SETTLED = "settled";

    private static final long IDLE_STACK = 160L * 1024;

    private final boolean drops;

    public LineageChild() {
        this(true);
    }

    private LineageChild(boolean drops) {
        this.drops = drops;
    }

    /** Says that it has dropped everything, and has done nothing. */
    static final class Lies implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            new LineageChild(false).run(points, args);
        }
    }

    /** The arguments that {@link #run} takes. */
    static String[] arguments(LineageCase run, String library) {
        return new String[] {run.kind().name(), run.difference().name(), Integer.toString(run.idle()),
            Integer.toString(run.longest()), Long.toString(run.seed()), library};
    }

    @Override
    public void run(Checkpoints points, String... args) throws Exception {
        for (int i = Integer.parseInt(args[2]); i > 0; i--) {
            Thread.ofPlatform().daemon().stackSize(IDLE_STACK).start(Checkpoints::forEver);
        }
        Lineage lineage = Lineage.Kind.valueOf(args[0]).create(Long.parseLong(args[4]), Integer.parseInt(args[3]), args[5]);
        found(lineage, Difference.valueOf(args[1]), points);
        lineage.awaitMore(5);
        points.at(drops ? result() : DROPPED);
        lineage.settle();
        points.at(SETTLED);
    }

    /** The founder differs, and is not a member. */
    private static void found(Lineage lineage, Difference difference, Checkpoints points) throws Exception {
        FutureTask<Void> founder = new FutureTask<>(() -> {
            difference.make();
            points.at(FOUNDED);
            lineage.begin();
            return null;
        });
        Thread.ofPlatform().daemon().name(NAME).start(founder);
        founder.get();
    }

    /** An exception that is not the library's own ends the process, and so fails the test. */
    private static String result() {
        try {
            Caps.begin(Scope.PROCESS, options -> options.withTimeout(DEADLINE)).drop(Identity.of(TestIds.NOBODY, TestIds.NOBODY));
            return DROPPED;
        } catch (CapsException e) {
            return REFUSED + " " + e.changed() + " " + e.getMessage().replaceAll("\\s+", " ");
        }
    }
}
