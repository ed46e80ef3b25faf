package nucleus.caps;

/** Writes cap_text_formats(7) as libcap does. A combination of flags is a number: 1 for e, 2 for p, 4 for i. */
final class StateFormat {

    private static final int COMBINATIONS = 8;

    private final CapabilityState state;
    private final StringBuilder text = new StringBuilder();

    private StateFormat(CapabilityState state) {
        this.state = state;
    }

    static String text(CapabilityState state, CapabilitySet supported) {
        return new StateFormat(state).write(supported);
    }

    private String write(CapabilitySet supported) {
        int common = commonest(supported);
        text.append('=').append(flags(common));
        for (int combination = COMBINATIONS; combination-- > 0; ) {
            CapabilitySet members = having(combination, supported);
            if (combination == common || members.isEmpty()) {
                continue;
            }
            boolean first = text.length() == 1; // = and what follows it can be one clause
            text.replace(0, first ? 1 : 0, "").append(first ? "" : " ").append(members.list());
            change(first ? '=' : '+', combination & ~common);
            change('-', common & ~combination);
        }
        CapabilitySet unknown = new CapabilitySet(-1).minus(supported);
        for (int combination = COMBINATIONS; combination-- > 1; ) {
            CapabilitySet members = having(combination, unknown);
            if (!members.isEmpty()) {
                text.append(' ').append(members.list());
                change('+', combination);
            }
        }
        return text.toString();
    }

    /** Of several that are as common, the lowest. */
    private int commonest(CapabilitySet supported) {
        int common = 0;
        for (int combination = 1; combination < COMBINATIONS; combination++) {
            if (having(combination, supported).size() > having(common, supported).size()) {
                common = combination;
            }
        }
        return common;
    }

    private CapabilitySet having(int combination, CapabilitySet among) {
        return having(combination & 1, state.effective(), having(combination & 2, state.permitted(),
                having(combination & 4, state.inheritable(), among)));
    }

    private static CapabilitySet having(int flag, CapabilitySet set, CapabilitySet among) {
        return flag == 0 ? among.minus(set) : among.intersect(set);
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
