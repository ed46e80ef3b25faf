package privileged.filter;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import nucleus.caps.Scope;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.TestIds;

/**
 * Drops everything, then tries each way to a new user namespace at each place, and says {@code PLACE WAY ERRNO} of each, with 0
 * for a namespace. The code that tries is namespaces.c. Arguments: deny or allow, the library, the program, the set-user-ID copy,
 * a process in another user namespace.
 */
public final class NamespaceWays implements ChildScenario.WithSyscalls {

    static final List<String> WAYS =
            new ArrayList<>(List.of("unshare", "unshare-all", "unshare-raw", "clone", "clone-all", "clone3",
                    "setns", "setns-pidfd"));

    static {
        if (System.getProperty("os.arch").equals("amd64")) {
            WAYS.addAll(List.of("int80-unshare", "int80-clone", "int80-setns"));
        }
    }

    static final List<String> PLACES = List.of("main", "before", "during", "after", "virtual", "program", "grandchild",
            "set-user-ID program", "launched");

    private static final Identity SOMEBODY = Identity.of(TestIds.ANYBODY, TestIds.ANYBODY);

    /** A lineage of threads: each one starts the next, until the drop is done. The last one runs the task. */
    private static void lineage(AtomicBoolean done, FutureTask<?> task) {
        Thread.ofPlatform().daemon().start(() -> {
            if (done.get()) {
                task.run();
            } else {
                lineage(done, task);
            }
        });
    }

    @Override
    public void run(Checkpoints points, String... args) throws Exception {
        MethodHandle function = Linker.nativeLinker().downcallHandle(
                SymbolLookup.libraryLookup(Path.of(args[1]), Arena.global()).find("attempt").orElseThrow(),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        AtomicReference<String> place = new AtomicReference<>();
        Callable<Void> here = () -> {
            for (String way : WAYS) {
                points.say(place.get() + ", " + way + ": " + call(function, way, args[4]));
            }
            return null;
        };
        ExecutorService pool = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
        pool.submit(() -> {}).get();
        AtomicBoolean done = new AtomicBoolean();
        FutureTask<Void> during = new FutureTask<>(here);
        lineage(done, during);

        Caps.begin(Scope.PROCESS, options -> args[0].equals("deny") ? options.withDumpable().denyNamespaces()
                : options.withDumpable()).drop(SOMEBODY);
        points.at("dropped");

        place.set("main");
        here.call();
        place.set("before");
        pool.submit(here).get();
        place.set("during");
        done.set(true);
        during.get();
        place.set("after");
        FutureTask<Void> after = new FutureTask<>(here);
        Thread.ofPlatform().start(after);
        after.get();
        place.set("virtual");
        FutureTask<Void> virtual = new FutureTask<>(here);
        Thread.ofVirtual().start(virtual);
        virtual.get();
        for (String way : WAYS) {
            points.say("program, " + way + ": " + output(new ProcessBuilder(args[2], way, args[4]).start()));
            points.say("grandchild, " + way + ": " + output(new ProcessBuilder("sh", "-c", "(\"$@\") | cat", "sh", args[2],
                    way, args[4]).start()));
            points.say("set-user-ID program, " + way + ": " + output(new ProcessBuilder(args[3], way, args[4]).start()));
        }
        for (String way : WAYS) {
            points.say("launched, " + way + ": "
                    + output(Launcher.of(new ProcessBuilder(args[2], way, args[4])).start()));
        }
        points.say(
                output(new ProcessBuilder("unshare", "-Ur", "sh", "-c", "grep CapEff /proc/self/status").redirectErrorStream(true)
                        .start()));
        pool.shutdown();
    }

    private static int call(MethodHandle function, String way, String of) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) function.invokeExact(arena.allocateFrom(way), arena.allocateFrom(of));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static String output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return output;
    }
}
