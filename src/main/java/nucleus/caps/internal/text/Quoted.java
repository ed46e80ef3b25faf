package nucleus.caps.internal.text;

/** Quotes foreign text for error messages. */
public final class Quoted {

    private static final int LONGEST = 64;

    private Quoted() {
    }

    /** {@return the text in quotes, cut off after 64 characters, without characters that disturb a terminal} */
    public static String of(String text) {
        String start = text.substring(0, Math.min(text.length(), LONGEST));
        return "\"" + start.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?") + (start.length() < text.length() ? "…" : "") + "\"";
    }
}
