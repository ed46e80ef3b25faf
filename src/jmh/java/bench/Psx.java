package bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;

/** libpsx: makes one system call on every thread of the process. */
final class Psx {

    private final MethodHandle three;
    private final MethodHandle six;

    /** Links both functions and calls each of them once. */
    Psx(Path library) throws Throwable {
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        three = link(symbols, "psx_syscall3", 3);
        six = link(symbols, "psx_syscall6", 6);
        invoke(Syscalls.sameUid());
        invoke(Syscalls.readBounding());
    }

    private static MethodHandle link(SymbolLookup symbols, String name, int arguments) {
        MemoryLayout[] longs = Collections.nCopies(1 + arguments, JAVA_LONG).toArray(MemoryLayout[]::new);
        return Linker.nativeLinker().downcallHandle(symbols.find(name).orElseThrow(),
                FunctionDescriptor.of(JAVA_LONG, longs));
    }

    void run(Iterable<long[]> calls) throws Throwable {
        for (long[] call : calls) {
            long result = invoke(call);
            if (result != 0) {
                throw new IllegalStateException("libpsx: the system call " + Arrays.toString(call) + " gave " + result);
            }
        }
    }

    private long invoke(long[] c) throws Throwable {
        return c.length == 4
                ? (long) three.invokeExact(c[0], c[1], c[2], c[3])
                : (long) six.invokeExact(c[0], c[1], c[2], c[3], c[4], c[5], c[6]);
    }
}
