package privileged.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.RestrictedTask;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SmallPrograms;
import privileged.harness.Thrown;

/** A task on a thread of its own, which is gone afterwards. */
@Privileged
class RestrictedTaskIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY, 4);

    static final class Calls implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Path secret = Path.of(args[0]);
            points.say(Files.readString(secret));
            String said = RestrictedTask.call(thread -> thread.drop(SOMEBODY), () -> {
                points.at("task");
                points.threw(() -> Files.readString(secret));
                return "done";
            });
            points.say(said);
            points.say(Files.readString(secret));
            points.at("caller");
            Caps.begin(Scope.PROCESS); // every thread is as any other
            points.say(Caps.threads().stream().map(thread -> thread.sets()).distinct().count());
        }
    }

    /** Often enough that a thread would be seen on its way out. */
    static final class Repeats implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            int seen = 0;
            for (int i = 0; i < 300; i++) {
                int tid = RestrictedTask.call(thread -> thread.dropAll(), () -> Caps.thread().tid());
                seen += Files.exists(Path.of("/proc/self/task/" + tid)) ? 1 : 0;
            }
            points.say(seen);
            points.at("caller");
        }
    }

    static final class Throws implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> RestrictedTask.call(thread -> thread.dropAll(), () -> {
                throw new IOException("from the task");
            }));
            points.threw(() -> RestrictedTask.call(thread -> thread.dropAll(), () -> {
                throw new NoClassDefFoundError("from the task");
            }));
            points.threw(() -> RestrictedTask.call(
                    thread -> thread.dropExcept(CapabilitySet.ofNumber(63)), () -> {
                        points.say("it ran");
                        return null;
                    }));
            points.threw(() -> RestrictedTask.call(thread -> null, () -> {
                points.say("it ran");
                return null;
            }));
            AtomicReference<Phase.Dropped> another = new AtomicReference<>();
            points.threw(() -> {
                RestrictedTask.call(thread -> {
                    another.set(thread.dropAll());
                    return another.get();
                }, () -> 0);
                RestrictedTask.call(thread -> another.get(), () -> {
                    points.say("it ran");
                    return null;
                });
            });
            try {
                RestrictedTask.call(thread -> thread.dropAll(), () -> {
                    throw Throws.<RuntimeException>undeclared(new Throwable("undeclared"));
                });
            } catch (Throwable e) {
                points.say(e);
            }
            points.at("caller");
        }

        @SuppressWarnings("unchecked") // the cast is to Throwable
        private static <E extends Throwable> E undeclared(Throwable thrown) throws E {
            throw (E) thrown;
        }
    }

    /** The caller is interrupted, and with it the task. */
    static final class Interrupted implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Thread caller = Thread.currentThread();
            points.threw(() -> RestrictedTask.call(thread -> thread.dropAll(), () -> {
                caller.interrupt();
                Thread.sleep(60_000);
                return null;
            }));
            points.say(Thread.interrupted());
            points.at("caller");
        }
    }

    @Test
    void theTaskIsRestrictedAndNothingElse() throws Exception {
        Path secret = new SmallPrograms().copy(Files.writeString(Modules.directory("rwxr-xr-x").resolve("text"), "secret"),
                "secret", "0:0", "600");
        try (ObservedChild child = ObservedChild.start(Calls.class, secret.toString())) {
            Path tasks = Path.of("/proc/" + child.process() + "/task");
            assertThat(child.said()).isEqualTo("secret");
            assertThat(child.at("task"))
                    .isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY, 4L).withNoNewPrivs());
            long task = child.thread();
            assertThat(child.threw().type()).isEqualTo("AccessDeniedException");
            assertThat(child.said()).isEqualTo("done");
            assertThat(tasks.resolve(Long.toString(task))).doesNotExist();
            assertThat(child.said()).isEqualTo("secret");
            assertThat(child.at("caller")).isEqualTo(child.start());
            assertThat(child.said()).isEqualTo("1");
        }
    }

    @Test
    void theThreadIsGoneAtOnce() {
        try (ObservedChild child = ObservedChild.start(Repeats.class)) {
            assertThat(child.said()).isEqualTo("0");
            assertThat(child.at("caller")).isEqualTo(child.start());
        }
    }

    @Test
    void throwsWhatTheTaskOrTheDropThrows() {
        try (ObservedChild child = ObservedChild.start(Throws.class)) {
            assertThat(child.threw()).isEqualTo(new Thrown("IOException", "from the task", "", "", false));
            assertThat(child.threw()).isEqualTo(new Thrown("NoClassDefFoundError", "from the task", "", "", false));
            assertThat(child.threw().message()).contains("which lacks 63");
            assertThat(child.threw()).isEqualTo(
                    new Thrown("NullPointerException", "the drop function returned null", "", "", false));
            assertThat(child.threw()).isEqualTo(new Thrown("IllegalStateException",
                    "the drop function must return a phase of the thread that runs the task", "", "", false));
            assertThat(child.said()).isEqualTo("java.lang.Throwable: undeclared");
            assertThat(child.at("caller")).isEqualTo(child.start());
        }
    }

    @Test
    void anInterruptReachesTheTask() {
        try (ObservedChild child = ObservedChild.start(Interrupted.class)) {
            assertThat(child.threw().type()).isEqualTo("InterruptedException");
            assertThat(child.said()).isEqualTo("true");
            assertThat(child.at("caller")).isEqualTo(child.start());
        }
    }
}
