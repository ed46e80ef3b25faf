package nucleus.caps.internal.sys;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * Encodes text for the kernel, in the encoding that the JDK uses for file names and arguments.
 *
 * <p>The kernel accepts any bytes but 0. A byte that is no text in this encoding is a lone surrogate from U+DC80 to U+DCFF in
 * a String here, as in Python (PEP 383).
 */
public final class CString {

    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final char ESCAPE = '\udc00';

    private CString() {
    }

    /**
     * {@return the bytes with a terminating zero}
     *
     * @throws IllegalArgumentException if the text contains a zero or a character that the encoding does not have
     */
    public static byte[] terminated(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the text must not contain the character 0");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isByte(text, i)) {
                bytes.writeBytes(encoded(text.substring(from, i)));
                bytes.write(text.charAt(i));
                from = i + 1;
            }
        }
        bytes.writeBytes(encoded(text.substring(from)));
        bytes.write(0);
        return bytes.toByteArray();
    }

    private static boolean isByte(String text, int index) {
        char each = text.charAt(index);
        return each > ESCAPE + Byte.MAX_VALUE && each <= ESCAPE + 0xFF
                && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }

    private static byte[] encoded(String text) {
        try {
            ByteBuffer bytes = CHARSET.newEncoder().encode(CharBuffer.wrap(text));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a word cannot be written in " + CHARSET + ", this JVM's encoding", e);
        }
    }

    /** {@return the text of these bytes} Each byte that is no text becomes a lone surrogate. */
    public static String text(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CharsetDecoder decoder = CHARSET.newDecoder();
        while (decoder.decode(in, out, true).isError()) {
            out.put((char) (ESCAPE + (in.get() & 0xFF)));
            decoder.reset();
        }
        return out.flip().toString();
    }

    /**
     * {@return the bytes of a file name with a terminating zero}
     *
     * <p>A Path keeps every byte of a name, but its text is decoded. Only its URI has every byte. The URI of a directory
     * ends with a slash. This method removes the slash, because the kernel would follow a final symbolic link with it.
     *
     * @throws IllegalArgumentException if the file is not in the default file system
     */
    public static byte[] terminated(Path file) {
        if (!file.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("the file is not in the default file system: " + file);
        }
        String encoded = file.toUri().getRawPath();
        int end = encoded.length() > 1 && encoded.endsWith("/") ? encoded.length() - 1 : encoded.length();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < end; i++) {
            if (encoded.charAt(i) == '%') {
                bytes.write(Integer.parseInt(encoded, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(encoded.charAt(i));
            }
        }
        bytes.write(0);
        return bytes.toByteArray();
    }
}
