package nucleus.caps.internal.text;

/** Writes cap_text_formats(7) as libcap does. A combination of flags is a number: 1 for e, 2 for p, 4 for i. */
final class StateFormat {

    private static final int COMBINATIONS = 8;

    private final StateText state;
    private final CapabilityNames names;
    private final StringBuilder text = new StringBuilder();

    StateFormat(StateText state, CapabilityNames names) {
        this.state = state;
        this.names = names;
    }

    String write(long supported) {
        int common = commonest(supported);
        text.append('=').append(flags(common));
        for (int combination = COMBINATIONS; combination-- > 0;) {
            long members = having(combination, supported);
            if (combination == common || members == 0) {
                continue;
            }
            boolean first = text.length() == 1; // merges the = and the first list into one clause
            text.replace(0, first ? 1 : 0, "").append(first ? "" : " ").append(names.list(members));
            change(first ? '=' : '+', combination & ~common);
            change('-', common & ~combination);
        }
        long unknown = ~supported;
        for (int combination = COMBINATIONS; combination-- > 1;) {
            long members = having(combination, unknown);
            if (members != 0) {
                text.append(' ').append(names.list(members));
                change('+', combination);
            }
        }
        return text.toString();
    }

    /** {@return the most common combination; the lowest if several are equally common} */
    private int commonest(long supported) {
        int common = 0;
        for (int combination = 1; combination < COMBINATIONS; combination++) {
            if (Long.bitCount(having(combination, supported)) > Long.bitCount(having(common, supported))) {
                common = combination;
            }
        }
        return common;
    }

    private long having(int combination, long among) {
        return having(combination & 1, state.effective(), having(combination & 2, state.permitted(),
                having(combination & 4, state.inheritable(), among)));
    }

    private static long having(int flag, long set, long among) {
        return flag == 0 ? among & ~set : among & set;
    }

    private void change(char operator, int flags) {
        if (flags != 0) {
            text.append(operator).append(flags(flags));
        }
    }

    private static String flags(int combination) {
        return ((combination & 1) == 0 ? "" : "e") + ((combination & 4) == 0 ? "" : "i")
                + ((combination & 2) == 0 ? "" : "p");
    }
}
