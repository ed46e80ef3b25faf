package nucleus.caps.tool;

/** Makes text from other sources safe to print on one line. */
final class Line {

    private Line() {
    }

    /** {@return the text, with each control character, format character and unpaired surrogate replaced by a question mark} */
    static String shown(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?");
    }

    /** {@return the message of an exception, made safe by {@link #shown}} */
    static String message(Exception e) {
        return shown(String.valueOf(e.getMessage()));
    }
}
