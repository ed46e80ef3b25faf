package nucleus.caps.internal.plan;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Scope;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.LinuxKernel;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;

/**
 * Runs seeded random changes on fresh threads of the real kernel and on the model that the other tests use, and
 * compares every answer and every state. A program for a child JVM, with privileges: ModelAgainstKernelIT.
 */
final class ModelAgainstKernel {

    private static final CapabilitySet FEW = CapabilitySet.of(Capability.CAP_CHOWN, Capability.CAP_KILL,
            Capability.CAP_SETGID, Capability.CAP_SETUID, Capability.CAP_SETPCAP, Capability.CAP_NET_BIND_SERVICE);
    private static final int CHANGES = 14;

    private final Random random;
    private final Kernel real = new LinuxKernel();
    private int known = SecureBits.LOCKED_DOWN.with(SecureBit.KEEP_CAPS).bits();

    private ModelAgainstKernel(long seed) {
        random = new Random(seed);
    }

    /** Arguments: a seed and a number of threads. Prints what differed, and at the end how much was compared. */
    public static void main(String[] args) throws Exception {
        ModelAgainstKernel comparison = new ModelAgainstKernel(Long.parseLong(args[0]));
        run(comparison::learn);
        int refused = 0;
        int threads = Integer.parseInt(args[1]);
        for (int i = 0; i < threads; i++) {
            refused += run(comparison::compare);
        }
        System.out.println("compared " + threads * CHANGES + " changes, of which refused " + refused);
    }

    private static int run(Callable<Integer> action) throws Exception {
        FutureTask<Integer> task = new FutureTask<>(action);
        Thread.ofPlatform().start(task);
        return task.get();
    }

    /** Linux 6.14 and newer know four more bits; the model knows them too. Beyond those, none is to be known. */
    private int learn() {
        SecureBits more = SecureBits.of(SecureBit.EXEC_RESTRICT_FILE);
        boolean knows = run(real, new Change.SetSecureBits(more)).isEmpty();
        known |= knows ? 0x1fff : 0;
        return known;
    }

    private static List<Failure> run(Kernel kernel, Change change) {
        Plan plan = new Plan(List.of(new Plan.Step(change, false)), false);
        return kernel.run(Scope.THREAD, plan, now -> false).failures();
    }

    private int compare() {
        ThreadStatus start = real.observe(Scope.THREAD).getFirst();
        FakeKernel model = FakeKernel.of(start);
        CapabilitySet all = start.sets().permitted();
        int refused = 0;
        for (int i = 0; i < CHANGES; i++) {
            Change change = change(all, model.status().secureBits().orElseThrow());
            List<Failure> expected = run(model, change);
            List<Failure> answered = run(real, change);
            ThreadStatus now = real.observe(Scope.THREAD).getFirst();
            if (!expected.equals(answered) || !model.status().equals(now)) {
                throw new AssertionError("%s%n model %s%n  %s%n kernel %s%n  %s".formatted(change.syscall(), expected,
                        model.status(), answered, now));
            }
            refused += answered.size();
        }
        return refused;
    }

    /** Mostly of few capabilities, so that sets meet; now and then of all that are held. */
    private Change change(CapabilitySet all, SecureBits now) {
        long id = random.nextInt(3);
        return switch (random.nextInt(11)) {
            case 0, 1, 2 -> new Change.CapSet(some(all), some(all), some(all));
            case 3 -> new Change.DropBounding(some(FEW));
            case 4 -> new Change.RaiseAmbient(some(FEW));
            case 5 -> new Change.LowerAmbient(some(FEW));
            case 6 -> new Change.KeepCaps(random.nextBoolean());
            case 7 -> new Change.SetGroups(List.of(id));
            case 8 -> new Change.SetGid(id);
            case 9 -> new Change.SetSecureBits(new SecureBits(now.bits() ^ few() & known));
            default -> new Change.SetUid(id);
        };
    }

    /** An eighth of all bits. */
    private int few() {
        return random.nextInt() & random.nextInt() & random.nextInt();
    }

    private CapabilitySet some(CapabilitySet all) {
        CapabilitySet few = FEW.intersect(new CapabilitySet(random.nextLong() | random.nextLong()));
        return random.nextInt(4) == 0 ? few : all.minus(FEW).union(few);
    }
}
