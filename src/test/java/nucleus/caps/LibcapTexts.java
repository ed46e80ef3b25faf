package nucleus.caps;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The installed libcap, asked through a program that is compiled against it: src/test/resources/nucleus/caps/libcap_texts.c. */
final class LibcapTexts {

    private static final int PATIENCE = 300;

    private final Path directory;

    /** A state, and the text for it. */
    record Answer(CapabilityState state, String text) {
    }

    /** @param directory for the program and what it reads and writes */
    LibcapTexts(Path directory) {
        this.directory = directory;
        Path source = Path.of(System.getProperty("caps.basedir"), "src/test/resources/nucleus/caps/libcap_texts.c");
        run(null, Path.of("gcc.log"), Map.of(), "gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o",
                program(), source.toString(), "-lcap");
    }

    private String program() {
        return directory.resolve("libcap").toString();
    }

    /** {@return what it makes of each text, nothing where it refuses it} */
    List<Optional<Answer>> read(List<String> texts, int known) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            input.writeBytes(buffer(Integer.BYTES).putInt(bytes.length).array());
            input.writeBytes(bytes);
        }
        return ask(input.toByteArray(), texts.size(), known);
    }

    /** {@return what it writes for each state} */
    List<String> write(List<CapabilityState> states, int known) {
        ByteBuffer input = buffer(states.size() * (Integer.BYTES + 3 * Long.BYTES));
        for (CapabilityState state : states) {
            input.putInt(-1).putLong(state.effective().bits()).putLong(state.permitted().bits())
                    .putLong(state.inheritable().bits());
        }
        return ask(input.array(), states.size(), known).stream().map(answer -> answer.orElseThrow().text()).toList();
    }

    private List<Optional<Answer>> ask(byte[] input, int count, int known) {
        try {
            Path questions = Files.write(directory.resolve("questions"), input);
            Path answers = Path.of("answers");
            run(questions, answers, Map.of("KNOWN", Integer.toString(known)), program());
            ByteBuffer output = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(answers)))
                    .order(ByteOrder.nativeOrder());
            List<Optional<Answer>> read = new ArrayList<>();
            while (output.hasRemaining()) {
                read.add(output.get() == 0 ? Optional.empty() : Optional.of(answer(output)));
            }
            if (read.size() != count) {
                throw new AssertionError(read.size() + " answers to " + count + " questions");
            }
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer answer(ByteBuffer output) {
        CapabilityState state = new CapabilityState(new CapabilitySet(output.getLong()),
                new CapabilitySet(output.getLong()), new CapabilitySet(output.getLong()));
        byte[] text = new byte[output.getInt()];
        output.get(text);
        return new Answer(state, new String(text, StandardCharsets.US_ASCII));
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    private void run(Path input, Path output, Map<String, String> environment, String... command) {
        try {
            Path errors = directory.resolve("errors");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile())
                    .redirectOutput(directory.resolve(output).toFile());
            if (input != null) {
                builder.redirectInput(input.toFile());
            }
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(command[0] + " did not end within " + PATIENCE + " s");
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(command[0] + " ended with " + process.exitValue()
                        + "; it needs gcc, libc6-dev and libcap-dev: " + Files.readString(errors));
            }
        } catch (IOException e) {
            throw new AssertionError("apt-get install gcc libc6-dev libcap-dev: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
