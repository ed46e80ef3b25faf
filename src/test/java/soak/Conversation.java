package soak;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The parent's end: sends the child a line, and takes its answers. An anomaly fails whoever listens next. */
final class Conversation implements AutoCloseable {

    private static final int PATIENCE = 120; // seconds

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> counts = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    Conversation(List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Dnucleus.caps.log=off", "-Xmx256m"));
        command.addAll(options);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, property("caps.classes"),
                property("caps.testClasses")), SoakChild.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
        process = builder.start();
        Thread.ofPlatform().daemon().start(this::read);
    }

    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("the build must give the property " + name);
        }
        return value;
    }

    Path proc() {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    void say(String command) throws IOException {
        process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    /** {@return the next line, which is to begin with that word, without it} */
    String hear(String word) throws InterruptedException {
        while (true) {
            String line = lines.poll(PATIENCE, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("the child hangs; it said " + others + dump());
            }
            if (line.startsWith(word)) {
                return line.substring(word.length()).strip();
            }
            if (line.startsWith(Diary.COUNT)) {
                counts.add(line.substring(Diary.COUNT.length()));
            } else if (line.startsWith(Diary.ANOMALY) || line.isEmpty()) {
                throw new AssertionError(line.isEmpty() ? "the child ended, and said " + others : line);
            } else {
                others.add(line);
            }
        }
    }

    /** {@return the stacks of all threads, as the child itself prints them} */
    private String dump() throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            return e.toString();
        }
        StringBuilder stacks = new StringBuilder();
        for (String line; (line = lines.poll(5, TimeUnit.SECONDS)) != null;) {
            stacks.append('\n').append(line);
        }
        return stacks.toString();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor(PATIENCE, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /** {@return what the child counted} */
    List<String> counts() {
        return counts;
    }

    /** {@return what it said besides, or the JVM in it} */
    List<String> others() {
        return others;
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line; (line = reader.readLine()) != null;) {
                if (!line.isEmpty()) { // which stands for the end
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            lines.add("closed: " + e);
        }
        lines.add("");
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
