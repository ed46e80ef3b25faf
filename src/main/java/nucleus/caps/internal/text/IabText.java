package nucleus.caps.internal.text;

import java.util.StringJoiner;

/**
 * The text format of cap_iab(3), as masks.
 *
 * @param inheritable the inheritable set
 * @param ambient the ambient set
 * @param dropped the capabilities dropped from the bounding set
 */
public record IabText(long inheritable, long ambient, long dropped) {

    /**
     * {@return the masks that a text describes}
     *
     * @param text the text
     * @param names the names of capabilities
     * @throws IllegalArgumentException if the text is malformed; the message says where and why
     */
    public static IabText parse(String text, CapabilityNames names) {
        return new Parser(text, names).parse();
    }

    /** {@return the text as libcap writes it, by ascending number} */
    public String write(CapabilityNames names) {
        StringJoiner members = new StringJoiner(",");
        for (long rest = inheritable | dropped; rest != 0; rest &= rest - 1) {
            int number = Long.numberOfTrailingZeros(rest);
            members.add(prefixes(number) + names.text(number));
        }
        return members.toString();
    }

    private String prefixes(int number) {
        String bounding = has(dropped, number) ? "!" : "";
        return bounding + (has(ambient, number) ? "^" : !bounding.isEmpty() && has(inheritable, number) ? "%" : "");
    }

    private static boolean has(long mask, int number) {
        return (mask >>> number & 1) != 0;
    }

    /** Parses the members between commas. */
    private static final class Parser extends Scanner {

        private final CapabilityNames names;

        private Parser(String text, CapabilityNames names) {
            super(text, "invalid IAB text, ");
            this.names = names;
        }

        private IabText parse() {
            IabText read = new IabText(0, 0, 0);
            while (at < text.length()) {
                int first = at;
                while (next() == '!' || next() == '^' || next() == '%') {
                    at++;
                }
                if (at == text.length()) {
                    return read; // trailing prefixes without a capability have no effect
                }
                String prefixes = text.substring(first, at);
                read = with(read, prefixes, 1L << (isDigit(next()) ? number() : capabilityName()));
                if (at < text.length() && next() != ',') {
                    throw wrong(at, "expected a comma, not " + shown());
                }
                at++;
            }
            return read;
        }

        private static IabText with(IabText read, String prefixes, long member) {
            boolean ambient = prefixes.contains("^");
            boolean dropped = prefixes.contains("!");
            boolean inheritable = ambient || !dropped || prefixes.contains("%");
            return new IabText(inheritable ? read.inheritable | member : read.inheritable,
                    ambient ? read.ambient | member : read.ambient, dropped ? read.dropped | member : read.dropped);
        }

        private int capabilityName() {
            int first = at;
            String name = word();
            int number = names.exactly(name);
            if (number < 0) {
                throw wrong(first, name.isEmpty() ? "expected a capability"
                        : name.equalsIgnoreCase("cap_") && isDigit(next()) ? NUMBER_AFTER_PREFIX
                        : "no capability is named " + Quoted.of(name) + "; names begin with cap_");
            }
            return number;
        }
    }
}
