package nucleus.caps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** libcap, behind a program that answers a line for a line: src/test/resources/nucleus/caps/libcap.c. */
public final class Libcap {

    private static final Path SOURCE =
            Path.of(System.getProperty("caps.basedir", "")).toAbsolutePath().resolve("src/test/resources/nucleus/caps/libcap.c");
    private static final int PATIENCE = 300;

    private final Path directory;
    private final Path program;

    /** Compiles the program into that directory. */
    public Libcap(Path directory) {
        this.directory = directory;
        program = directory.resolve("libcap");
        run(null, directory.resolve("gcc.log"), "gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o",
                program.toString(), SOURCE.toString(), "-lcap");
    }

    /** As many answers as questions, or an error that says what went wrong. */
    public List<String> ask(List<String> questions) throws IOException {
        Path input = Files.write(directory.resolve("questions"), questions);
        List<String> answers = run(input, directory.resolve("answers"), program.toString());
        if (answers.size() != questions.size()) {
            throw new AssertionError(questions.size() + " questions, " + answers.size() + " answers");
        }
        return answers;
    }

    /** {@return the text without numbers with 0b, which are up to the C library that libcap was built with} */
    static String withoutBinary(String text) {
        return text.replaceAll("0[bB](?=[01])", "0");
    }

    /** An argument as the program reads it. */
    public static String encoded(String text) {
        return text.isEmpty() ? "-" : HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text as the program writes it. */
    public static String decoded(String word) {
        return word.equals("-") ? "" : new String(HexFormat.of().parseHex(word), StandardCharsets.UTF_8);
    }

    private static List<String> run(Path input, Path output, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        try {
            Process process = builder.start();
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(String.join(" ", command) + " did not end within " + PATIENCE + " s");
            }
            List<String> said = Files.readAllLines(output);
            if (process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " (needs gcc libc6-dev libcap-dev): " + said);
            }
            return said;
        } catch (IOException e) {
            throw new AssertionError("install gcc libc6-dev libcap-dev: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
