package nucleus.caps;

import java.util.regex.Pattern;

/** Numbers with a leading zero: libcap reads them as octal, and the library refuses them. */
final class LeadingZero {

    private static final Pattern NUMBER = Pattern.compile("(?<![0-9A-Za-z_])0[0-9]");

    private LeadingZero() {
    }

    /** {@return whether a text in a format of libcap has a number with a leading zero} */
    static boolean isIn(String text) {
        return NUMBER.matcher(text).find();
    }
}
