package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.Privileged;

/** A whole drop through the handler, in a process that has no JVM, and another C library than the JVM's, too. */
@Privileged
class MuslIT {

    private static final int CHECKS = 5;

    @TempDir
    private Path directory;

    enum Library {
        GLIBC("gcc", "gcc libc6-dev"),
        MUSL("musl-gcc", "musl-tools");

        private final Tool compiler;

        Library(String compiler, String debianPackage) {
            this.compiler = new Tool(compiler, debianPackage);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyThreadHoldsNothingAsAnotherProcessSees(Library library) throws IOException {
        Toolchain toolchain = Toolchain.ofThisMachine();
        Handler handler = toolchain.handler();
        Path code = Files.writeString(directory.resolve("code"), handler.hex());

        Path program = toolchain.compile(library.compiler, Toolchain.inC("musl"), directory);
        Tool.Result result = toolchain.run(program, code, Integer.toString(handler.restorer()),
                Long.toString(Handler.TO_DATA));

        assertThat(result.output().lines()).hasSize(CHECKS).allMatch(line -> line.startsWith("ok: "));
        assertThat(result.status()).isZero();
    }
}
