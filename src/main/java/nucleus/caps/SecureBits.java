package nucleus.caps;

import java.util.ArrayList;
import java.util.List;

/**
 * The securebits of a thread: how the kernel treats uid 0 and changes of the uid.
 *
 * @param bits the word as {@code prctl(PR_GET_SECUREBITS)} gives it; bits without a name here are kept
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public record SecureBits(int bits) {

    /** Each bit is followed by the one that locks it. */
    private static final List<String> FLAGS = List.of("noroot", "no_setuid_fixup", "keep_caps",
            "no_cap_ambient_raise", "exec_restrict_file", "exec_deny_interactive");

    /** {@return the flags in one line, as in {@code noroot,noroot_locked}, or {@code none}} */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            if ((bits >>> bit & 1) != 0) {
                names.add(name(bit));
            }
        }
        return names.isEmpty() ? "none" : String.join(",", names);
    }

    private static String name(int bit) {
        if (bit / 2 >= FLAGS.size()) {
            return "bit " + bit;
        }
        return FLAGS.get(bit / 2) + (bit % 2 == 0 ? "" : "_locked");
    }
}
