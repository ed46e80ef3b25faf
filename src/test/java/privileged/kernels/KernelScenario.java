package privileged.kernels;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.FileCapabilities;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import nucleus.caps.Phase;
import nucleus.caps.Scope;

/**
 * What scripts/test-on-kernels runs in a virtual machine. It makes one change, prints the process to look at, and waits. The
 * init script of the machine reads that process in /proc.
 */
final class KernelScenario {

    private static final Identity NOBODY = Identity.of(65534, 65534, 4);
    private static final CapabilitySet BIND = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);
    /** The arguments of namespaces.c that every processor has. */
    private static final List<String> WAYS = List.of("unshare", "unshare-all", "unshare-raw", "clone", "clone-all", "clone3",
            "setns", "setns-pidfd");
    private static final String EPERM = "1";
    private static final String ENOSYS = "38";

    private static final List<String> PROGRAM = List.of("/bin/sleep", "1000");

    private KernelScenario() {
    }

    public static void main(String[] args) throws Exception {
        waitingThread();
        long process = args[0].equals("control") ? self() : changed(args[0]);
        waitingThread();
        System.out.println("READY " + process);
        Thread.sleep(TimeUnit.HOURS.toMillis(1));
    }

    private static long self() {
        return ProcessHandle.current().pid();
    }

    private static long changed(String scenario) throws Exception {
        CapabilitySets holding = new CapabilitySets(BIND, BIND, BIND, BIND, BIND);
        switch (scenario) {
            case "drop" -> begin().drop(NOBODY);
            case "steps" -> {
                Process other = elsewhere();
                begin().dropBoundingSet().switchIdentity(NOBODY).finalizeDrop();
                requireNamespaces(true, other);
            }
            case "deny" -> {
                Process other = elsewhere();
                Caps.begin(Scope.PROCESS, options -> options.denyNamespaces()).drop(NOBODY);
                Caps.requireNoNamespaces();
                requireNamespaces(false, other);
            }
            case "keep" -> begin().dropExcept(BIND, NOBODY);
            case "apply" -> begin().apply(holding, NOBODY);
            case "exec" -> {
                Phase.Dropped dropped = begin().drop(NOBODY);
                System.out.println("READY " + self()); // it is ready when its program runs
                dropped.exec(PROGRAM);
            }
            case "launch" -> {
                return Launcher.of(new ProcessBuilder(PROGRAM)).identity(NOBODY).holding(BIND).start().pid();
            }
            case "file" -> new FileCapabilities(BIND, CapabilitySet.NONE, true, 0).write(Path.of("/tmp/sleep"));
            default -> throw new IllegalArgumentException(scenario);
        }
        return self();
    }

    /** {@return a process of the user in another user namespace} */
    private static Process elsewhere() throws Exception {
        Process other = new ProcessBuilder("/bin/su", "-s", "/bin/sh", "nobody", "-c", "exec unshare -U sleep 1000").start();
        Path here = Files.readSymbolicLink(Path.of("/proc/self/ns/user"));
        while (Files.readSymbolicLink(Path.of("/proc/" + other.pid() + "/ns/user")).equals(here)) {
            Thread.sleep(100);
        }
        return other;
    }

    /** Requires that a child can create and enter a user namespace in each of these ways, or in none. */
    private static void requireNamespaces(boolean granted, Process other) throws Exception {
        for (String way : WAYS) {
            Process child = new ProcessBuilder("/bin/namespaces", way, Long.toString(other.pid())).start();
            String errno = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            String expected = granted ? "0" : way.equals("clone3") ? ENOSYS : EPERM;
            if (!errno.equals(expected)) {
                throw new IllegalStateException(way + " gives " + errno + ", not " + expected);
            }
        }
        other.destroyForcibly();
    }

    private static Phase.Initial begin() {
        return Caps.begin(Scope.PROCESS);
    }

    private static void waitingThread() {
        Thread thread = new Thread(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
