package nucleus.caps.internal.text;

import java.util.regex.Pattern;

/**
 * A list of capabilities, as a mask. It accepts what other programs write, if the text has only one meaning.
 *
 * <p>{@code ~} before the list is of systemd.exec(5). {@code cap_41} is how libcap-ng writes a capability without a name.
 * {@code -all,+net_raw} is of setpriv(1). A list of setpriv must begin with {@code -all} or {@code +all}: otherwise it
 * changes a set that this parser does not know.
 */
public final class CapabilityList {

    private static final String ALL = "all";
    private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*|\\s+");
    private static final Pattern NUMBERED = Pattern.compile("(?i)cap_[0-9]{1,20}");

    private final String list;
    private final long all;
    private final CapabilityNames names;

    private CapabilityList(String list, long all, CapabilityNames names) {
        this.list = list;
        this.all = all;
        this.names = names;
    }

    /**
     * {@return the mask that a list describes}
     *
     * @param text the list
     * @param all the meaning of {@code all}
     * @param names the names of capabilities
     * @throws IllegalArgumentException if a member is unknown or missing; the message says what to write instead
     */
    public static long parse(String text, long all, CapabilityNames names) {
        return new CapabilityList(text.strip(), all, names).parse();
    }

    private long parse() {
        if (list.isEmpty() || list.equalsIgnoreCase("none")) {
            return 0;
        }
        if (list.startsWith("~")) {
            return all & ~members(list.substring(1).stripLeading());
        }
        if (list.regionMatches(true, 0, "all-", 0, 4)) {
            return all & ~members(list.substring(4));
        }
        String first = SEPARATOR.split(list, 2)[0];
        return isSigned(first) && first.substring(1).equalsIgnoreCase(ALL) ? changes() : members(list);
    }

    private long members(String text) {
        long members = 0;
        for (String word : words(text)) {
            members |= member(word);
        }
        return members;
    }

    /** Each member of a list of setpriv has a sign. */
    private long changes() {
        long members = 0;
        for (String word : words(list)) {
            if (!isSigned(word)) {
                throw new IllegalArgumentException("a list that begins with " + list.substring(0, 4)
                        + " needs + or - before every member, not " + Quoted.of(word));
            }
            long member = member(word.substring(1));
            members = word.charAt(0) == '+' ? members | member : members & ~member;
        }
        return members;
    }

    private String[] words(String text) {
        String[] words = SEPARATOR.split(text, -1);
        for (String word : words) {
            if (word.isEmpty() || word.equals("+") || word.equals("-")) {
                throw new IllegalArgumentException("a name is missing in the list " + Quoted.of(list));
            }
        }
        return words;
    }

    private long member(String word) {
        if (word.equalsIgnoreCase(ALL)) {
            return all;
        }
        if (Numbers.begins(word)) {
            return number(word);
        }
        return NUMBERED.matcher(word).matches() ? number(word.substring(4)) : 1L << names.number(word);
    }

    private static long number(String word) {
        try {
            return 1L << Numbers.parse("a capability's number", word, 0, Long.SIZE - 1);
        } catch (IllegalArgumentException e) {
            throw ForeignWord.isMask(word)
                    ? new IllegalArgumentException("no capability is named " + Quoted.of(word) + "; " + ForeignWord.advice(word))
                    : e;
        }
    }

    private static boolean isSigned(String word) {
        return word.startsWith("+") || word.startsWith("-");
    }
}
