package bench;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** One capget(2) through JNA, as it is commonly done. */
final class JnaCapget {

    private static final int VERSION_3 = 0x20080522;

    /** Public, as JNA wants it. */
    public interface C extends Library {
        int capget(int[] header, int[] data);
    }

    private JnaCapget() {
    }

    public static void main(String[] args) {
        if (Native.load("c", C.class).capget(new int[] {VERSION_3, 0}, new int[6]) != 0) {
            throw new IllegalStateException("capget() failed");
        }
    }
}
