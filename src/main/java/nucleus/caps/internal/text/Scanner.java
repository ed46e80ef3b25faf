package nucleus.caps.internal.text;

/** A position in a text. White space, letters and digits are ASCII only, as in libcap. */
class Scanner {

    static final int END = -1;

    /** libcap-ng writes {@code cap_41}, which libcap does not read. */
    static final String NUMBER_AFTER_PREFIX = "a capability without a name is written as its number, without cap_";

    private static final String SPACE = " \t\n\u000b\f\r";

    final String text;
    private final String format;
    int at;

    /** @param format the beginning of messages */
    Scanner(String text, String format) {
        this.text = text;
        this.format = format;
    }

    int next() {
        return charAt(at);
    }

    int charAt(int index) {
        return index < text.length() ? text.charAt(index) : END;
    }

    /** {@return the letters and underscores that start here} */
    String word() {
        int start = at;
        while (isLetter(next()) || next() == '_') {
            at++;
        }
        return text.substring(start, at);
    }

    /** {@return the capability's number that starts here, by the rule of {@link Numbers}} */
    int number() {
        int start = at;
        boolean hexadecimal = next() == '0' && (charAt(at + 1) | 0x20) == 'x' && isHexDigit(charAt(at + 2));
        at += hexadecimal ? 2 : 0;
        while (hexadecimal ? isHexDigit(next()) : isDigit(next())) {
            at++;
        }
        try {
            return (int) Numbers.parse("a capability's number", text.substring(start, at), 0, Long.SIZE - 1);
        } catch (IllegalArgumentException e) {
            throw wrong(start, String.valueOf(e.getMessage()));
        }
    }

    static boolean isSpace(int c) {
        return SPACE.indexOf(c) >= 0;
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(int c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }

    private static boolean isHexDigit(int c) {
        return isDigit(c) || (isLetter(c) && (c | 0x20) <= 'f');
    }

    /** {@return the next character, quoted for a message} */
    String shown() {
        return next() == END ? "the end" : Quoted.of(text.substring(at, at + 1));
    }

    IllegalArgumentException wrong(int where, String why) {
        return new IllegalArgumentException(format + "at " + where + " of " + Quoted.of(text) + ": " + why);
    }
}
