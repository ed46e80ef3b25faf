package nucleus.caps.internal.text;

import java.util.regex.Pattern;

/** What to write instead of a word that another program accepts as a capability and this library does not. */
final class ForeignWord {

    private static final Pattern MASK = Pattern.compile("[0-9a-fA-F]{16}|0[xX][0-9a-fA-F]{3,16}");
    private static final Pattern NUMBER = Pattern.compile("(?i)(cap_)?[0-9]{1,20}|0x[0-9a-f]{1,16}");
    private static final Pattern SIGNED = Pattern.compile("[+-][A-Za-z0-9_]+");
    private static final Pattern IAB = Pattern.compile("[!^%]+[A-Za-z0-9_]+");
    private static final Pattern WITH_FLAGS = Pattern.compile("[^=]*=.*|.*[+-][eip]+", Pattern.DOTALL);

    private ForeignWord() {
    }

    /** {@return what to write instead, or an empty string if the word is nothing known} */
    static String advice(String word) {
        if (isMask(word)) {
            return "if it is a mask, write the names that \"caps decode\" prints for it";
        }
        if (NUMBER.matcher(word).matches()) {
            return "write a name, not a number";
        }
        if (WITH_FLAGS.matcher(word).matches()) {
            return "=, + and - with flags are of cap_from_text(3); write the name alone";
        }
        if (word.equalsIgnoreCase("none")) {
            return "none stands alone";
        }
        if (word.equalsIgnoreCase("cap_all")) {
            return "write all";
        }
        if (SIGNED.matcher(word).matches()) {
            return "+ and - are taken only in a list that begins with -all or +all, as in -all,+net_raw; write "
                    + "the names to keep, or all- and the names to leave out";
        }
        if (IAB.matcher(word).matches()) {
            return "!, ^ and % are of cap_iab(3); write the name alone";
        }
        return word.startsWith("~") ? "~ stands only once, before the whole list" : "";
    }

    /** {@return whether a word looks like a mask of capabilities, and is too long for the number of one} */
    static boolean isMask(String word) {
        return MASK.matcher(word).matches();
    }
}
