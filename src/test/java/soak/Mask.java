package soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The inheritable set that a round leaves on every thread: the number of the round, written in the bits that are held.
 * So a thread that missed it shows which was its last.
 *
 * @param held what the child may have inheritable: both permitted and bounding
 */
record Mask(long held) {

    static final String PERMITTED = "CapPrm";
    static final String EFFECTIVE = "CapEff";
    static final String INHERITABLE = "CapInh";
    private static final String BOUNDING = "CapBnd";

    /** Of a process that has not run a round yet. */
    static Mask of(Path process) throws IOException {
        String status = Files.readString(process.resolve("status"));
        return new Mask(line(status, PERMITTED) & line(status, BOUNDING));
    }

    static long line(String status, String name) {
        int at = status.indexOf("\n" + name + ":\t") + name.length() + 3;
        return Long.parseUnsignedLong(status, at, status.indexOf('\n', at), 16);
    }

    long after(int round) {
        return Long.expand(round, held);
    }

    /** {@return the round that left this mask} */
    long round(long mask) {
        return Long.compress(mask, held);
    }
}
