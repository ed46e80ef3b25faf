package nucleus.caps.internal.text;

/**
 * Reads cap_text_formats(7) as libcap does. White space and letters are ASCII only, {@code all} replaces the earlier
 * names of its list, and an operator after flags needs a list.
 */
final class StateParser extends Scanner {

    private static final String ALL = "all";

    private final long all;
    private final CapabilityNames names;
    private long effective;
    private long permitted;
    private long inheritable;

    StateParser(String text, long all, CapabilityNames names) {
        super(text, "");
        this.all = all;
        this.names = names;
    }

    StateText parse() {
        for (skipSpace(); at < text.length(); skipSpace()) {
            clause();
        }
        return new StateText(effective, permitted, inheritable);
    }

    private void clause() {
        boolean listed = isNamePart(next());
        long list = listed ? list() : all;
        if (!isSign(next()) && next() != '=') {
            throw wrong(at, "expected =, + or -, not " + shown());
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
                throw wrong(at, "expected e, i or p, not " + shown());
            }
            change(list, flags, raised);
        }
        if (!isSpace(next()) && next() != END) {
            throw wrong(at, "expected e, i or p, not " + shown());
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
                list |= 1L << (isDigit(next()) ? number() : name(start));
            }
            if (next() != ',') {
                return list;
            }
            at++;
            if (!isNamePart(next())) {
                throw wrong(at, "expected a capability after the comma, not " + shown());
            }
        }
    }

    private boolean isAll() {
        return text.regionMatches(true, at, ALL, 0, ALL.length()) && !isNamePart(charAt(at + ALL.length()));
    }

    private int name(int start) {
        String name = word();
        if (!name.regionMatches(true, 0, "cap_", 0, 4)) {
            throw wrong(start, "a capability name must begin with cap_, not " + Quoted.of(name));
        }
        if (name.length() == 4 && isDigit(next())) {
            throw wrong(start, NUMBER_AFTER_PREFIX);
        }
        try {
            return names.number(name);
        } catch (IllegalArgumentException e) {
            throw wrong(start, String.valueOf(e.getMessage()));
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

    private static boolean isSign(int c) {
        return c == '+' || c == '-';
    }

    private static boolean isNamePart(int c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }
}
