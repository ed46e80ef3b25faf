package nucleus.caps;

/**
 * Reads cap_text_formats(7) with libcap's own notion of it: white space and letters are ASCII's, {@code all} takes the
 * place of what its list named before, and an operator after flags needs a list.
 */
final class StateParser {

    private static final String SPACE = " \t\n\u000b\f\r";
    private static final String ALL = "all";
    private static final int END = -1;

    private final String text;
    private final long all;
    private int at;
    private long effective;
    private long permitted;
    private long inheritable;

    StateParser(String text, CapabilitySet all) {
        this.text = text;
        this.all = all.bits();
    }

    CapabilityState parse() {
        for (skipSpace(); at < text.length(); skipSpace()) {
            clause();
        }
        return new CapabilityState(new CapabilitySet(effective), new CapabilitySet(permitted),
                new CapabilitySet(inheritable));
    }

    private void clause() {
        boolean listed = isNamePart(next());
        long list = listed ? list() : all;
        if (!isSign(next()) && next() != '=') {
            throw wrong(at, "here stands =, + or -, not " + shown());
        }
        if (next() == '=') {
            at++;
            change(list, "eip", false);
            change(list, flags(), true);
        }
        while (isSign(next())) {
            if (!listed) {
                throw wrong(at, "+ and - need a list of capabilities before them");
            }
            boolean raised = text.charAt(at++) == '+';
            String flags = flags();
            if (flags.isEmpty()) {
                throw wrong(at, "here stands e, i or p, not " + shown());
            }
            change(list, flags, raised);
        }
        if (!isSpace(next()) && next() != END) {
            throw wrong(at, "here stands e, i or p, not " + shown());
        }
    }

    private long list() {
        long list = 0;
        while (true) {
            int start = at;
            if (isAll()) {
                at += ALL.length();
                list = all;
            } else {
                list |= 1L << (isDigit(next()) ? number(start) : name(start));
            }
            if (next() != ',') {
                return list;
            }
            at++;
            if (!isNamePart(next())) {
                throw wrong(at, "after a comma stands a capability, not " + shown());
            }
        }
    }

    private boolean isAll() {
        return text.regionMatches(true, at, ALL, 0, ALL.length()) && !isNamePart(charAt(at + ALL.length()));
    }

    /** As strtoul(3) reads one when it may choose the base. */
    private int number(int start) {
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
        if (number == Long.SIZE) {
            throw wrong(start, "a capability's number is within 0 to 63");
        }
        return number;
    }

    private int name(int start) {
        while (isLetter(next()) || next() == '_') {
            at++;
        }
        String name = text.substring(start, at);
        if (!name.regionMatches(true, 0, "cap_", 0, 4)) {
            throw wrong(start, "a capability's name begins with cap_, and not as " + Names.quoted(name));
        }
        try {
            return Names.capability(name).number();
        } catch (IllegalArgumentException e) {
            throw wrong(start, e.getMessage());
        }
    }

    private String flags() {
        int start = at;
        while (next() == 'e' || next() == 'i' || next() == 'p') {
            at++;
        }
        return text.substring(start, at);
    }

    private void change(long list, String flags, boolean raised) {
        effective = flags.indexOf('e') < 0 ? effective : raised ? effective | list : effective & ~list;
        permitted = flags.indexOf('p') < 0 ? permitted : raised ? permitted | list : permitted & ~list;
        inheritable = flags.indexOf('i') < 0 ? inheritable : raised ? inheritable | list : inheritable & ~list;
    }

    private void skipSpace() {
        while (isSpace(next())) {
            at++;
        }
    }

    private int next() {
        return charAt(at);
    }

    private int charAt(int index) {
        return index < text.length() ? text.charAt(index) : END;
    }

    private static boolean isSpace(int c) {
        return SPACE.indexOf(c) >= 0;
    }

    private static boolean isSign(int c) {
        return c == '+' || c == '-';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(int c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }

    private static boolean isNamePart(int c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }

    /** Not that of Character: it knows digits and letters of other alphabets. */
    private static int digit(int c, int base) {
        int digit = isDigit(c) ? c - '0' : isLetter(c) ? (c | 0x20) - 'a' + 10 : END;
        return digit < base ? digit : END;
    }

    private String shown() {
        return next() == END ? "the end" : Names.quoted(text.substring(at, at + 1));
    }

    private IllegalArgumentException wrong(int where, String why) {
        return new IllegalArgumentException("at " + where + " of " + Names.quoted(text) + ": " + why);
    }
}
