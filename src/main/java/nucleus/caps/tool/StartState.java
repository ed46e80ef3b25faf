package nucleus.caps.tool;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import nucleus.caps.internal.sys.CString;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/** What this process had when it was started, and what a JVM hides. */
final class StartState {

    /** {@code scripts/caps} reads these before it starts the JVM, and passes them on as properties. */
    private static final String IGNORED = "nucleus.caps.tool.ignored";
    private static final String DESCRIPTORS = "nucleus.caps.tool.descriptors";
    private static final long SIG_IGN = 1;
    private static final int SIGACTION = 32;
    private static final int SIGSET = 8;
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
        String mask = System.getProperty(IGNORED, "0");
        long bits = HexFormat.fromHexDigitsToLong(mask);
        List<Integer> ignored = new ArrayList<>();
        for (int signal = 1; signal <= Long.SIZE; signal++) {
            if ((bits >>> (signal - 1) & 1) == 1 && !KEPT_HANDLERS.contains(signal)) {
                ignored.add(signal);
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION, Long.BYTES);
            action.set(ValueLayout.JAVA_LONG, 0, SIG_IGN);
            ignored.forEach(signal -> Syscalls.call(Syscall.RT_SIGACTION, signal, action.address(), 0, SIGSET));
        }
    }
}
