package privileged.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.TestIds;

/** A handler of signal 33 that was there before {@code begin} gets each signal of its own: before, during and after. */
@Privileged
@SameInContainers
class ForeignHandlerIT {

    /** The C library's identity switch waits for ever with such a handler: the test does not. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static final class Drops implements ChildScenario.WithSyscalls {

        private SymbolLookup library;

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            library = SymbolLookup.libraryLookup(Path.of(args[1]), Arena.global());
            points.say(call("foreign_install"));
            AtomicBoolean over = new AtomicBoolean();
            long[] sent = new long[1];
            long receiver = ProcessHandle.current().pid(); // the thread that waits for main to end
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                while (!over.get()) {
                    sent[0] += call("foreign_send", receiver) == 0 ? 1 : 0;
                    Thread.yield();
                }
            });
            await(() -> call("foreign_own") > 0);
            if (args[0].equals("dropAll")) {
                Caps.begin(Scope.PROCESS).dropAll();
            } else {
                Caps.begin(Scope.PROCESS).drop(Identity.of(TestIds.ANYBODY, TestIds.ANYBODY));
            }
            points.at("dropped");
            over.set(true);
            sender.join();
            sent[0] += call("foreign_send", receiver) == 0 ? 1 : 0;
            await(() -> call("foreign_own") >= sent[0]);
            points.say(call("foreign_own") - sent[0]);
            points.say(call("foreign_others"));
        }

        private static void await(BooleanSupplier condition) throws InterruptedException {
            long end = System.nanoTime() + PATIENCE.toNanos() / 4;
            while (!condition.getAsBoolean() && System.nanoTime() < end) {
                Thread.sleep(1);
            }
        }

        private long call(String name, long... argument) {
            Linker linker = Linker.nativeLinker();
            MethodHandle function = linker.downcallHandle(library.find(name).orElseThrow(),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
            try {
                return (long) function.invokeExact(argument.length == 0 ? 0 : argument[0]);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dropAll", "drop"})
    void getsItsSignals(String step) {
        String library = CSource.of(ForeignHandlerIT.class, "foreign").compile("libforeign.so", "-shared", "-fPIC").toString();
        try (ObservedChild child = ObservedChild.of(Drops.class, step, library).patience(PATIENCE).start().together()) {
            assertThat(child.said()).as("installed").isEqualTo("0");
            OutsideStatus dropped = child.start().holdingOnly(0).withNoNewPrivs();
            assertThat(child.at("dropped"))
                    .isEqualTo(step.equals("drop") ? dropped.as(TestIds.ANYBODY, TestIds.ANYBODY) : dropped);
            assertThat(child.said()).as("own signals lost").isEqualTo("0");
            assertThat(child.said()).as("signals of others").isEqualTo("0");
        }
    }
}
