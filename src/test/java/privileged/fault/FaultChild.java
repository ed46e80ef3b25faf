package privileged.fault;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Exchanger;
import nucleus.caps.CapsException;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;

/** The process that meets a fault: its main thread drops between two markers. {@link FaultRun} looks on. */
final class FaultChild implements ChildScenario.WithSyscalls {

    static final String READY = "ready";
    static final String DROPPED = "dropped";
    static final String REFUSED = "refused";
    static final String BROKEN = "broken";

    private static final int BEGIN = 0x6e756331;
    private static final int END = 0x6e756332;
    private static final int PR_GET_KEEPCAPS = 7;

    private static final MethodHandle PRCTL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("prctl").orElseThrow(),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), Linker.Option.firstVariadicArg(1));

    private final boolean drops;

    public FaultChild() {
        this(true);
    }

    private FaultChild(boolean drops) {
        this.drops = drops;
    }

    /** Says that it has dropped everything, and has done nothing. */
    static final class Lies implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            new FaultChild(false).run(points, args);
        }
    }

    @Override
    public void run(Checkpoints points, String... args) throws Exception {
        Exchanger<Integer> others = new Exchanger<>();
        Thread.ofPlatform().daemon().name("bystander").start(() -> {
            meet(others, 0);
            meet(others, prctl(PR_GET_KEEPCAPS));
        });
        FaultPath path = FaultPath.valueOf(args[0]);
        points.at(READY);
        prctl(BEGIN);
        String result = result(path);
        prctl(END);
        meet(others, 0);
        int kept = prctl(PR_GET_KEEPCAPS) + meet(others, 0);
        points.at(result.formatted(kept));
    }

    /** {@return the first word says how it ended; then comes how many threads keep capabilities, to be filled in} */
    private String result(FaultPath path) {
        try {
            if (drops) {
                path.run();
            }
            return DROPPED + " %d";
        } catch (CapsException e) {
            return REFUSED + " %d " + e.changed() + " " + oneLine(e);
        } catch (Throwable e) {
            return BROKEN + " %d " + oneLine(e);
        }
    }

    private static String oneLine(Throwable e) {
        return e.toString().replaceAll("\\s+", " ").replace("%", "%%");
    }

    private static int meet(Exchanger<Integer> others, int number) {
        try {
            return others.exchange(number);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int prctl(int option) {
        try {
            return (int) PRCTL.invokeExact(option, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
