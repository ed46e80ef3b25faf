package nucleus.caps.internal.text;

/** Makes foreign text safe for messages. */
public final class Quoted {

    private static final int LONGEST = 64;

    private Quoted() {
    }

    /** {@return the text in quotes, cut off after 64 characters, without characters that disturb a terminal} */
    public static String of(String text) {
        String start = text.substring(0, Math.min(text.length(), LONGEST));
        return "\"" + shown(start) + (start.length() < text.length() ? "…" : "") + "\"";
    }

    /** {@return the text, with each control character, format character and unpaired surrogate replaced by a question mark} */
    public static String shown(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\u2028\u2029]", "?");
    }
}
