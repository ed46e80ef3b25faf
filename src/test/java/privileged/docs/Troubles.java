package privileged.docs;

import static privileged.harness.TestIds.ANYBODY;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Syscalls;

/** Does what goes wrong for users most often, by its name, and says what was thrown. */
final class Troubles implements ChildScenario.WithSyscalls {

    private static final Identity SOMEBODY = Identity.of(ANYBODY, ANYBODY);

    @Override
    public void run(Checkpoints points, String... args) throws Exception {
        Checkpoints.Action whole = () -> Caps.begin(Scope.PROCESS).drop(SOMEBODY);
        switch (args[0]) {
            case "unprivileged" -> points.threw(whole);
            case "unmapped" -> points.threw(() -> Caps.begin(Scope.PROCESS).drop(Identity.of(1000, 1000)));
            case "differing" -> {
                beginAnotherThatDiffers();
                points.threw(whole);
            }
            case "ring" -> {
                Syscalls.ring(0);
                points.threw(whole);
            }
            case "virtual" -> {
                try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    threads.submit(() -> points.threw(() -> Caps.begin(Scope.THREAD)));
                }
            }
            case "kept" -> {
                ThreadCaps thread = Caps.thisThread();
                thread.lower(SetKind.PERMITTED, Capability.CAP_KILL);
                points.threw(() -> Caps.begin(Scope.THREAD).dropExcept(CapabilitySet.of(Capability.CAP_KILL), SOMEBODY));
            }
            case "user" -> points.threw(() -> Caps.identityOf("wwwdata"));
            case "spent" -> {
                Phase.Initial initial = Caps.begin(Scope.THREAD);
                initial.dropBoundingSet();
                points.threw(initial::dropAll);
            }
            case "launched" -> {
                whole.run();
                points.threw(() -> Launcher.of(new ProcessBuilder("id")).identity(SOMEBODY).start());
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void beginAnotherThatDiffers() throws InterruptedException {
        CountDownLatch changed = new CountDownLatch(1);
        Thread.ofPlatform().name("worker").daemon().start(() -> {
            Caps.thisThread().clear(SetKind.PERMITTED);
            changed.countDown();
            Checkpoints.forEver();
        });
        changed.await();
    }
}
