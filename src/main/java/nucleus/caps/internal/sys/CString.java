package nucleus.caps.internal.sys;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/** Text as the kernel takes it, in the encoding in which the JDK passes file names and arguments. */
public final class CString {

    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private CString() {
    }

    /**
     * {@return the bytes, and behind them the one that ends them}
     *
     * @throws IllegalArgumentException if there is one of these within, or a character that has no bytes here
     */
    public static byte[] terminated(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no word may hold the character 0");
        }
        try {
            ByteBuffer bytes = CHARSET.newEncoder().encode(CharBuffer.wrap(text));
            byte[] ended = new byte[bytes.remaining() + 1];
            bytes.get(ended, 0, ended.length - 1);
            return ended;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a word cannot be written in " + CHARSET + ", this JVM's encoding", e);
        }
    }
}
