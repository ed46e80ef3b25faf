package nucleus.caps.tool;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import nucleus.caps.FileCapabilities;
import nucleus.caps.internal.text.Quoted;

/**
 * The attribute {@code security.capability} as getfattr(1) prints it: {@code 0s} and base64, {@code 0x} and hexadecimal, or
 * text in quotes.
 */
final class AttributeText {

    private static final String NAME = "security.capability=";
    private static final String COMMENT = "# file: ";
    private static final int LONGEST_MASK = "0x".length() + 16;

    /** The sizes of the attribute in its three versions. */
    private static final Set<Integer> SIZES = Set.of(12, 20, 24);

    private AttributeText() {
    }

    /** {@return whether a word is an attribute; {@code 0x} with at most 16 digits is a mask} */
    static boolean isAttribute(String word) {
        return word.contains(NAME) || word.startsWith("0s") || word.startsWith("0S") || word.startsWith("\"")
                || (isHexadecimal(word) && word.length() > LONGEST_MASK);
    }

    /**
     * {@return the capabilities of each attribute in a word} A word can hold several lines, as getfattr prints them.
     *
     * @throws IllegalArgumentException if an attribute is malformed
     */
    static List<FileCapabilities> parse(String word) {
        return word.lines().filter(line -> !line.isEmpty() && !line.startsWith(COMMENT))
                .map(line -> FileCapabilities.decode(bytes(line.startsWith(NAME) ? line.substring(NAME.length()) : line)))
                .toList();
    }

    private static byte[] bytes(String value) {
        try {
            if (value.startsWith("0s") || value.startsWith("0S")) {
                return Base64.getDecoder().decode(value.substring(2));
            }
            if (isHexadecimal(value)) {
                return HexFormat.of().parseHex(value.substring(2));
            }
        } catch (IllegalArgumentException e) {
            throw malformed(value);
        }
        return unquoted(value);
    }

    private static boolean isHexadecimal(String value) {
        return value.startsWith("0x") || value.startsWith("0X");
    }

    /**
     * Inside quotes, a backslash stands before three octal digits, a quote or a backslash. getfattr leaves out a zero at the
     * end.
     */
    private static byte[] unquoted(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            throw malformed(value);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int end = value.length() - 1;
        for (int at = 1; at < end; at++) {
            char c = value.charAt(at);
            if (c == '"' || (c == '\\' && at + 1 == end)) {
                throw malformed(value);
            }
            if (c >= 0x80) {
                throw new IllegalArgumentException("the bytes of this text are not known for certain: " + Quoted.of(value)
                        + "; print the attribute with getfattr -e hex");
            }
            if (c == '\\' && value.charAt(at + 1) >= '0' && value.charAt(at + 1) <= '7') {
                bytes.write(octal(value, at + 1, end));
                at += 3;
            } else {
                bytes.write(c == '\\' ? value.charAt(++at) : c);
            }
        }
        if (SIZES.contains(bytes.size() + 1)) {
            bytes.write(0);
        }
        return bytes.toByteArray();
    }

    private static int octal(String value, int at, int end) {
        if (at + 3 > end || !value.substring(at, at + 3).matches("[0-3][0-7]{2}")) {
            throw malformed(value);
        }
        return Integer.parseInt(value, at, at + 3, 8);
    }

    private static IllegalArgumentException malformed(String value) {
        return new IllegalArgumentException("no value of " + NAME.replace("=", "") + " as getfattr prints it: "
                + Quoted.of(value));
    }
}
