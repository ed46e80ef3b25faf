package nucleus.caps.internal.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers as users write them. The rule is the same for every number that this library and its tool read: decimal without
 * leading zeros, or hexadecimal after {@code 0x}. A leading zero is refused, because some programs read such a number as
 * octal and others as decimal.
 *
 * <p>A mask of capabilities is no number in this sense. It is always hexadecimal, as in {@code /proc/<pid>/status}.
 */
public final class Numbers {

    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern HEXADECIMAL = Pattern.compile("0[xX]0*([0-9a-fA-F]{1,15})");
    private static final Pattern LEADING_ZERO = Pattern.compile("0[0-9]++");
    private static final Pattern OCTAL = Pattern.compile("[0-7]+");
    private static final int LONGEST = 18;

    private Numbers() {
    }

    /** {@return whether a word begins with a digit, so that it is read as a number and not as a name} */
    public static boolean begins(String word) {
        return !word.isEmpty() && Scanner.isDigit(word.charAt(0));
    }

    /**
     * {@return the number that a word is}
     *
     * @param what what the number is, for messages: {@code "a PID"}
     * @param word the word
     * @param least the least number that is valid, not negative
     * @param most the greatest number that is valid
     * @throws IllegalArgumentException if the word is no number, is out of range or has a leading zero; the message says
     *     which and has the word in quotes
     */
    public static long parse(String what, String word, long least, long most) {
        Matcher hexadecimal = HEXADECIMAL.matcher(word);
        long number = DECIMAL.matcher(word).matches() ? Long.parseLong(word)
                : hexadecimal.matches() ? Long.parseLong(hexadecimal.group(1), 16) : -1;
        if (number >= least && number <= most) {
            return number;
        }
        if (LEADING_ZERO.matcher(word).matches()) {
            throw new IllegalArgumentException(what + " has no leading zero, because some programs read " + Quoted.of(word)
                    + " as octal" + instead(word.replaceFirst("^0+(?=[0-9])", "")));
        }
        throw new IllegalArgumentException(what + " is within " + least + " to " + most + ", not " + Quoted.of(word));
    }

    private static String instead(String digits) {
        if (digits.length() > LONGEST) {
            return "";
        }
        boolean octal = digits.length() > 1 && OCTAL.matcher(digits).matches();
        return "; write " + digits + (octal ? ", or " + Long.parseLong(digits, 8) + " if it is octal" : "");
    }
}
