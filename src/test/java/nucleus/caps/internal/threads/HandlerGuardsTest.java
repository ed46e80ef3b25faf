package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.Concurrently;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each condition of the handler, on each processor: without it, a check of the program in C fails, some by waiting. */
class HandlerGuardsTest {

    /** A conditional branch; cbnz repeats a store that another processor came between. */
    private static final String BRANCH = "\\s+(j[a-ln-z][a-z]*|b\\.[a-z]+|cbz)\\s.*";

    @TempDir
    private static Path programs;

    private static Map<Guard, Future<Tool.Result>> results;

    /** A line that is left out. */
    record Guard(Toolchain toolchain, int line, String text) {
        @Override
        public String toString() {
            return toolchain + " line " + (line + 1) + ":" + text.strip().replaceAll("\\s+", " ");
        }
    }

    static Stream<Guard> guards() {
        return Arrays.stream(Toolchain.values()).flatMap(toolchain -> {
            List<String> lines = lines(toolchain);
            return IntStream.range(0, lines.size()).filter(i -> lines.get(i).matches(BRANCH))
                    .mapToObj(i -> new Guard(toolchain, i, lines.get(i)));
        });
    }

    private static List<String> lines(Toolchain toolchain) {
        try {
            return Files.readAllLines(toolchain.source());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void run() {
        Map<Toolchain, Path> compiled = new EnumMap<>(Toolchain.class);
        for (Toolchain toolchain : Toolchain.values()) {
            compiled.put(toolchain, toolchain.compile(Tool.BASEDIR.resolve("src/test/c/handler.c"), programs,
                    "-DPATIENCE=15000"));
        }
        results = Concurrently.done(guards().toList(), guard -> run(guard, compiled.get(guard.toolchain())));
    }

    private static Tool.Result run(Guard guard, Path program) throws IOException {
        Path directory = Files.createTempDirectory(programs, "guard");
        List<String> lines = lines(guard.toolchain());
        lines.set(guard.line(), "");
        Path source = Files.write(directory.resolve("handler.S"), lines);
        Path object = guard.toolchain().assemble(source, directory);
        Map<String, Long> offsets = guard.toolchain().symbols(object).stream()
                .collect(Collectors.toMap(symbol -> symbol[2], symbol -> Long.parseUnsignedLong(symbol[0], 16)));
        String hex = HexFormat.of().formatHex(Files.readAllBytes(guard.toolchain().text(object)));
        return guard.toolchain().run(program, Files.writeString(directory.resolve("code"), hex),
                Long.toString(offsets.getOrDefault("restorer", (long) Handler.NONE)), Long.toString(Handler.TO_DATA));
    }

    @Test
    void thereAreSomeOnEachProcessor() {
        assertThat(guards().collect(Collectors.groupingBy(Guard::toolchain, Collectors.counting())))
                .containsEntry(Toolchain.X86_64, 8L).containsEntry(Toolchain.AARCH64, 8L);
    }

    @ParameterizedTest
    @MethodSource("guards")
    void isMissedWhereItIsGone(Guard guard) throws Exception {
        Tool.Result result = results.get(guard).get();
        assertThat(result.status()).as(result.output()).isNotZero();
    }
}
