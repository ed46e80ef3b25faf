package bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** One native call through the one shape that fits every system call: the yardstick of the cold start. */
final class Downcall {

    private Downcall() {
    }

    static MethodHandle link(String function) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(function).orElseThrow(), FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    public static void main(String[] args) throws Throwable {
        long pid = (long) link("syscall").invokeExact(Syscalls.getpid(), 0L, 0L, 0L, 0L, 0L, 0L);
        if (pid != ProcessHandle.current().pid()) {
            throw new IllegalStateException("getpid() gave " + pid);
        }
    }
}
