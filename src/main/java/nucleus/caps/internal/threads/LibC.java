package nucleus.caps.internal.threads;

import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The C libraries that share signal 33 with a round. glibc does not let threads block it, and uses it for its own setuid.
 * musl uses it to cancel threads. Both handlers ignore signals that their library did not send.
 */
final class LibC {

    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final String MUSL = "/ld-musl-";

    private LibC() {
    }

    /** @throws UnsupportedOperationException if the C library is neither glibc nor musl */
    static void require() {
        SymbolLookup libc = Linker.nativeLinker().defaultLookup();
        if (libc.find("gnu_get_libc_version").isEmpty()) {
            require(maps());
        }
    }

    static void require(String maps) {
        if (!maps.contains(MUSL)) {
            throw new UnsupportedOperationException("Scope.PROCESS needs glibc or musl, which leave signal"
                    + " " + Signal.NUMBER + " to this library; the C library here is " + name(maps));
        }
    }

    private static String name(String maps) {
        return maps.lines().filter(line -> line.matches(".*/(libc[.-]|ld-)[^/]*")).findFirst()
                .map(line -> line.substring(line.indexOf('/'))).orElse("another");
    }

    private static String maps() {
        try {
            return Files.readString(MAPS, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
