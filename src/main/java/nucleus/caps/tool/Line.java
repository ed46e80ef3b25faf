package nucleus.caps.tool;

/** What others have named, on a line of ours. */
final class Line {

    private Line() {
    }

    /** {@return the text without what would end the line or disturb a terminal} */
    static String shown(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?");
    }

    /** {@return the message of an exception, shown} */
    static String message(Exception e) {
        return shown(String.valueOf(e.getMessage()));
    }
}
