package bench;

import java.lang.invoke.MethodHandle;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;

/**
 * The cost of the filter of denyNamespaces(): a system call that it allows by its number, and a new thread, whose clone(2) it
 * judges. Prints the microseconds of a million calls and of a thousand threads. The argument is the name: filter or none.
 */
final class Filtered {

    private static final int CALLS = 1_000_000;
    private static final int THREADS = 1_000;

    private Filtered() {
    }

    public static void main(String[] args) throws Throwable {
        Caps.begin(Scope.PROCESS, options -> args[0].equals("filter") ? options.denyNamespaces() : options)
                .drop(Identity.of(Drop.NOBODY, Drop.NOBODY));
        MethodHandle syscall = Downcall.link("syscall");
        calls(syscall); // compiles the loop
        threads();
        System.out.println(args[0] + ".getpid " + calls(syscall));
        System.out.println(args[0] + ".threads " + threads());
    }

    private static long calls(MethodHandle syscall) throws Throwable {
        long began = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            long pid = (long) syscall.invokeExact(Syscalls.getpid(), 0L, 0L, 0L, 0L, 0L, 0L);
            if (pid <= 0) {
                throw new IllegalStateException("getpid() gave " + pid);
            }
        }
        return (System.nanoTime() - began) / 1_000;
    }

    private static long threads() throws InterruptedException {
        long began = System.nanoTime();
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().start(() -> {}).join();
        }
        return (System.nanoTime() - began) / 1_000;
    }
}
