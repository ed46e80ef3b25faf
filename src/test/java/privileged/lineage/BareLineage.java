package privileged.lineage;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import privileged.harness.CSource;

/** A lineage of threads made by clone(2) alone, in {@code lineage.c}: neither the JVM nor the C library knows them. */
final class BareLineage implements Lineage {

    private final long seed;
    private final int longest;
    private final MethodHandle begin;
    private final MemorySegment generation;
    private final MemorySegment settle;
    private final MemorySegment settled;

    BareLineage(long seed, int longest, String library) {
        SymbolLookup symbols = SymbolLookup.libraryLookup(Path.of(library), Arena.global());
        this.seed = seed;
        this.longest = longest;
        this.begin = Linker.nativeLinker().downcallHandle(symbols.find("lineage_begin").orElseThrow(),
                FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));
        this.generation = variable(symbols, "lineage_generation", JAVA_LONG);
        this.settle = variable(symbols, "lineage_settle", JAVA_INT);
        this.settled = variable(symbols, "lineage_settled", JAVA_INT);
    }

    /** {@return the shared object, made anew} */
    static Path library() {
        return CSource.of(BareLineage.class, "lineage").compile("lineage.so", "-fPIC", "-shared", "-nostdlib",
                "-fno-stack-protector");
    }

    private static MemorySegment variable(SymbolLookup symbols, String name, ValueLayout layout) {
        return symbols.find(name).orElseThrow().reinterpret(layout.byteSize());
    }

    @Override
    public void begin() {
        try {
            begin.invokeExact(seed, (long) longest);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long generation() {
        return (long) JAVA_LONG.varHandle().getVolatile(generation, 0L);
    }

    @Override
    public void askToSettle() {
        JAVA_INT.varHandle().setVolatile(settle, 0L, 1);
    }

    @Override
    public boolean isSettled() {
        return (int) JAVA_INT.varHandle().getVolatile(settled, 0L) != 0;
    }
}
