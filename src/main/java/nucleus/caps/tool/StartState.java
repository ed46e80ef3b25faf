package nucleus.caps.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nucleus.caps.internal.sys.CString;
import nucleus.caps.internal.sys.ProcessCalls;

/** What this process had when it was started, and what a JVM hides. */
final class StartState {

    /** {@code scripts/caps} reads these before it starts the JVM, and passes them on as properties. */
    private static final String IGNORED = "nucleus.caps.tool.ignored";
    private static final String DESCRIPTORS = "nucleus.caps.tool.descriptors";
    /** ILL, TRAP, BUS, FPE and SEGV: the JVM itself works by them. */
    private static final Set<Integer> KEPT_HANDLERS = Set.of(4, 5, 7, 8, 11);

    private StartState() {
    }

    /**
     * {@return the words of the command line, byte for byte} The JVM decodes them, and puts U+FFFD in place of bytes that are
     * no text. A word with such bytes is read again from {@code /proc/self/cmdline}.
     *
     * @param words the last words of the command line, as decoded
     */
    static String[] exact(String[] words) {
        if (String.join("", words).indexOf('\ufffd') < 0) {
            return words;
        }
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc/self/cmdline"));
            String[] all = new String(line, StandardCharsets.ISO_8859_1).split("\0", -1); // ends with an empty one
            return Arrays.stream(all, all.length - 1 - words.length, all.length - 1)
                    .map(word -> CString.text(word.getBytes(StandardCharsets.ISO_8859_1))).toArray(String[]::new);
        } catch (IOException e) {
            throw new UsageException("a word is no text, and /proc/self/cmdline cannot be read: " + Line.message(e));
        }
    }

    /** {@return the descriptors above 2 that the caller of this process handed over} */
    static Set<Integer> descriptors() {
        String numbers = System.getProperty(DESCRIPTORS, "");
        return numbers.isEmpty() ? Set.of()
                : Arrays.stream(numbers.split(",", -1)).map(Integer::valueOf).collect(Collectors.toUnmodifiableSet());
    }

    /** Ignores the signals again that were ignored at the start. */
    static void ignoreSignals() {
        long ignored = HexFormat.fromHexDigitsToLong(System.getProperty(IGNORED, "0"));
        IntStream.rangeClosed(1, Long.SIZE).filter(signal -> (ignored >>> (signal - 1) & 1) == 1)
                .filter(signal -> !KEPT_HANDLERS.contains(signal)).forEach(ProcessCalls::ignore);
    }
}
