package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/**
 * Each condition, store and calculation of the handler, on each processor: without it, a check of the program in C fails,
 * some by waiting.
 */
class HandlerGuardsTest {

    /** cbnz is none of them: it repeats a store that another processor came between. */
    private static final String GUARDED = "(\\d:|\\s)\\s*("
            + "(j[a-ln-z][a-z]*|add|and|or|xor|imul|lock inc|mov(?=\\s+\\[))" // x86-64
            + "|(b\\.[a-z]+|cbz|tbn?z|str|stlr|madd|orr)" // aarch64
            + "|(beqz|bnez|bne|bltz|bltu|bleu|bgeu|sw|sd|addi|andi|mul|amoadd\\S*)" // riscv64
            + ")\\s.*";

    /** Where a thread has just learnt its tid, and how it would write it too early. */
    private static final Map<Toolchain, Map.Entry<String, String>> TOO_EARLY = Map.of(
            Toolchain.X86_64, Map.entry("mov  r12d, eax", "mov [r13 + TID], eax"),
            Toolchain.AARCH64, Map.entry("mov  w22, w0", "stlr w0, [x21]"),
            Toolchain.RISCV64, Map.entry("mv   s4, a0", "sw a0, 0(s3)"));

    /** Milliseconds. The intact handler needs much less for an answer, and for all of them. */
    private static final Limits AMPLE = new Limits(10_000, 40_000);

    /** Fewer than {@link HandlerInCTest} has. */
    private static final String ROUNDS = "30";

    /** How often the intact handler runs at the same time as others. */
    private static final int REPEATED = 3;

    @TempDir
    private static Path programs;

    private static final Map<Toolchain, Path> COMPILED = new EnumMap<>(Toolchain.class);
    private static final Map<Toolchain, Limits> LIMITS = new EnumMap<>(Toolchain.class);
    private static Map<Guard, Future<Tool.Result>> results;

    /** A line that is another, or has gone but for its label. */
    record Guard(Toolchain toolchain, int line, String text, String instead) {

        /** {@return the source without this guard} */
        List<String> lines() {
            List<String> lines = HandlerGuardsTest.lines(toolchain);
            lines.set(line, instead);
            return lines;
        }

        @Override
        public String toString() {
            return toolchain + " line " + (line + 1) + ": " + text.strip().replaceAll("\\s+", " ");
        }
    }

    static Stream<Guard> guards() {
        return Arrays.stream(Toolchain.values()).flatMap(toolchain -> {
            List<String> lines = lines(toolchain);
            return IntStream.range(0, lines.size()).boxed()
                    .mapMulti((i, guards) -> guards(toolchain, i, lines.get(i)).forEach(guards));
        });
    }

    private static Stream<Guard> guards(Toolchain toolchain, int line, String text) {
        if (text.matches(GUARDED)) {
            return Stream.of(new Guard(toolchain, line, text, text.matches("\\d:.*") ? text.substring(0, 2) : ""));
        }
        Map.Entry<String, String> early = TOO_EARLY.get(toolchain);
        return text.contains(early.getKey())
                ? Stream.of(new Guard(toolchain, line, text, text + "\n" + early.getValue())) : Stream.empty();
    }

    private static List<String> lines(Toolchain toolchain) {
        try {
            return Files.readAllLines(toolchain.source());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How long a handler may take, in milliseconds.
     *
     * @param patience for an answer
     * @param deadline for all checks
     */
    private record Limits(long patience, long deadline) {

        /** All checks of the intact handler take that long together, and each has many answers. */
        static Limits of(long intact) {
            return new Limits(200 + intact / 8, 500 + intact * 3 / 2);
        }
    }

    /** The intact handler, one of several runs. */
    private record Intact(Toolchain toolchain, int number) {

        static List<Intact> all() {
            return Arrays.stream(Toolchain.values()).flatMap(toolchain -> IntStream.range(0, REPEATED)
                    .mapToObj(number -> new Intact(toolchain, number))).toList();
        }

        /** {@return the time that all checks took} */
        long time() throws IOException {
            long start = System.nanoTime();
            Tool.Result result = HandlerGuardsTest.run(toolchain, lines(toolchain), AMPLE);
            assertThat(result.status()).as(result.output()).isZero();
            return Duration.ofNanos(System.nanoTime() - start).toMillis();
        }
    }

    /** The intact handlers run first, under the same load as the others. Their times limit the others. */
    @BeforeAll
    static void run() throws Exception {
        for (Toolchain toolchain : Toolchain.values()) {
            COMPILED.put(toolchain, toolchain.compile(Toolchain.inC("handler"), programs));
        }
        for (Map.Entry<Intact, Future<Long>> intact : Concurrently.done(Intact.all(), Intact::time).entrySet()) {
            LIMITS.merge(intact.getKey().toolchain(), Limits.of(intact.getValue().get()),
                    (one, other) -> one.patience() < other.patience() ? other : one);
        }
        results = Concurrently.done(guards().toList(),
                guard -> run(guard.toolchain(), guard.lines(), LIMITS.get(guard.toolchain())));
    }

    private static Tool.Result run(Toolchain toolchain, List<String> lines, Limits limits) throws IOException {
        Path directory = Files.createTempDirectory(programs, "guard");
        Path source = Files.write(directory.resolve("handler.S"), lines);
        Path object = toolchain.assemble(source, directory);
        Map<String, Long> offsets = toolchain.symbols(object).stream()
                .collect(Collectors.toMap(symbol -> symbol[2], symbol -> Long.parseUnsignedLong(symbol[0], 16)));
        String hex = HexFormat.of().formatHex(Files.readAllBytes(toolchain.text(object)));
        return toolchain.run(COMPILED.get(toolchain), Files.writeString(directory.resolve("code"), hex),
                Long.toString(offsets.getOrDefault("restorer", (long) Handler.NONE)), Long.toString(Handler.TO_DATA),
                Long.toString(limits.patience()), Long.toString(limits.deadline()), ROUNDS);
    }

    @Test
    void thereAreSomeOnEachProcessor() {
        assertThat(guards().collect(Collectors.groupingBy(Guard::toolchain, Collectors.counting())))
                .containsEntry(Toolchain.X86_64, 33L).containsEntry(Toolchain.AARCH64, 36L)
                .containsEntry(Toolchain.RISCV64, 43L);
    }

    @ParameterizedTest
    @MethodSource("guards")
    void isMissedWhereItIsGone(Guard guard) throws Exception {
        Tool.Result result = results.get(guard).get();
        assertThat(result.status()).as(result.output()).isNotZero().isNotEqualTo(2);
    }
}
