package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes in {@link Handler} are what the assembler makes of the commented sources beside it. */
class HandlerBytesTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void bytesAreThoseOfTheSource(Toolchain toolchain) throws IOException {
        Path text = toolchain.text(toolchain.assemble(directory));

        assertThat(toolchain.handler().code()).containsExactly(Files.readAllBytes(text));
    }

    @ParameterizedTest
    @EnumSource
    void offsetsAreThoseOfTheSymbols(Toolchain toolchain) {
        Map<String, Long> offsets = toolchain.symbols(toolchain.assemble(directory)).stream()
                .collect(Collectors.toMap(symbol -> symbol[2], symbol -> Long.parseUnsignedLong(symbol[0], 16)));
        Handler handler = toolchain.handler();

        assertThat(offsets).containsEntry("handler", 0L)
                .containsEntry("end", (long) handler.code().length).containsEntry("current", Handler.TO_DATA);
        assertThat(offsets.getOrDefault("restorer", (long) Handler.NONE)).isEqualTo(handler.restorer());
    }
}
