package nucleus.caps.internal.text;

/** Text from elsewhere, as an error message can hold it. */
public final class Quoted {

    private static final int LONGEST = 64;

    private Quoted() {
    }

    /** {@return the text in quotes: cut off after 64 letters, and without letters that disturb a terminal} */
    public static String of(String text) {
        String start = text.substring(0, Math.min(text.length(), LONGEST));
        return "\"" + start.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?") + (start.length() < text.length() ? "…" : "") + "\"";
    }
}
