package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The handler in a process without a JVM, on each processor that there is one for. */
class HandlerInCTest {

    private static final int CHECKS = 34;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void handlerPassesTheChecksInC(Toolchain toolchain) throws IOException {
        Handler handler = toolchain.handler();
        Path code = Files.writeString(directory.resolve("code"), handler.hex());

        Path program = toolchain.compile(Toolchain.inC("handler"), directory);
        Tool.Result result = toolchain.run(program, code, Integer.toString(handler.restorer()),
                Long.toString(Handler.TO_DATA));

        assertThat(result.output().lines()).hasSize(CHECKS).allMatch(line -> line.startsWith("ok: "));
        assertThat(result.status()).isZero();
    }
}
