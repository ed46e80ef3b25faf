package nucleus.caps.tool;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.util.List;
import java.util.regex.Pattern;
import nucleus.caps.CapsException;
import nucleus.caps.internal.text.Numbers;
import nucleus.caps.internal.text.Quoted;

/** Words from other sources: makes them safe to print on one line, and refuses what they cannot be. */
final class Line {

    /**
     * What is no text. The JVM puts U+FFFD in place of bytes that it cannot decode, and {@link StartState} an unpaired
     * surrogate.
     */
    private static final Pattern UNDECODED = Pattern.compile("[\ufffd\\p{Cs}]");

    /** Longer than any name of a file, which has at most 4095 bytes. */
    private static final int LONGEST = 5000;

    private Line() {
    }

    /** {@return the text without characters that disturb a terminal} */
    static String shown(String text) {
        return Quoted.shown(text);
    }

    /** {@return the message of an exception, made safe by {@link #shown} and cut off after some thousand characters} */
    static String message(Exception e) {
        return shortened(shown(String.valueOf(e.getMessage())));
    }

    /** {@return which file cannot be read, and why} */
    static String unreadable(IOException e) {
        if (!(e instanceof FileSystemException failure)) {
            return message(e);
        }
        String why = failure.getReason() != null ? failure.getReason()
                : e instanceof AccessDeniedException ? "permission denied"
                : e instanceof FileSystemLoopException ? "a loop of directories" : "cannot be read";
        return shortened(shown(failure.getFile() + ": " + why));
    }

    /** {@return the text, cut off after some thousand characters} */
    static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    /** {@return the number that a word is, by the rule of {@link Numbers}} */
    static long number(String what, String word, long least, long most) {
        try {
            return Numbers.parse(what, word, least, most);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** Refuses words that are not what the user wrote, because the JVM could not decode them. */
    static void requireText(List<String> words) {
        if (words.stream().anyMatch(word -> UNDECODED.matcher(word).find())) {
            throw new UsageException("a word is no text in the encoding of this JVM, "
                    + System.getProperty("sun.jnu.encoding") + ": LC_ALL=C.UTF-8 may help");
        }
    }

    /** {@return the message of a refused change, and the option that needs less if there is one} */
    static String refusal(CapsException e) {
        boolean unprivileged = e.errnoName().equals("EPERM") && message(e).contains("needs CAP_SETPCAP");
        return message(e) + (unprivileged ? " (--unprivileged needs no CAP_SETPCAP)" : "");
    }
}
