package nucleus.caps.internal.text;

/** A position in a text. White space, letters and digits are ASCII only, as in libcap. */
class Scanner {

    static final int END = -1;

    private static final String SPACE = " \t\n\u000b\f\r";

    final String text;
    int at;

    Scanner(String text) {
        this.text = text;
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

    /** {@return a number as strtoul(3) reads it with base 0; 64 for every greater number} */
    int number() {
        int base = 10;
        if (next() == '0') {
            base = 8;
            if ((charAt(at + 1) | 0x20) == 'x' && digit(charAt(at + 2), 16) >= 0) {
                base = 16;
                at += 2;
            }
        }
        int number = 0;
        for (int digit; (digit = digit(next(), base)) >= 0; at++) {
            number = Math.min(number * base + digit, Long.SIZE);
        }
        return number;
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

    /** Replaces Character.digit, which accepts digits and letters of other alphabets. */
    private static int digit(int c, int base) {
        int digit = isDigit(c) ? c - '0' : isLetter(c) ? (c | 0x20) - 'a' + 10 : END;
        return digit < base ? digit : END;
    }

    /** {@return the next character, quoted for a message} */
    String shown() {
        return next() == END ? "the end" : Quoted.of(text.substring(at, at + 1));
    }

    IllegalArgumentException wrong(String what, int where, String why) {
        return new IllegalArgumentException(what + "at " + where + " of " + Quoted.of(text) + ": " + why);
    }
}
