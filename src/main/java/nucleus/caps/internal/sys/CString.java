package nucleus.caps.internal.sys;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** Text as the kernel takes it, in the encoding in which the JDK passes file names and arguments. */
public final class CString {

    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private CString() {
    }

    /**
     * {@return the bytes, and the zero that ends them}
     *
     * @throws IllegalArgumentException if the text holds a zero, or a character that the encoding does not have
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

    /**
     * {@return the bytes of a file name, and the zero that ends it}
     *
     * <p>A Path keeps every byte of a name, but its text is decoded. Only its URI has every byte. The URI of a directory
     * ends with a slash, which is left out: with it, a final link would be followed.
     *
     * @throws IllegalArgumentException if the file is not of the default file system
     */
    public static byte[] terminated(Path file) {
        if (!file.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("not of the default file system: " + file);
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
