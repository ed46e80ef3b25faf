package nucleus.caps.internal.sys;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** Encodes text for the kernel, in the encoding that the JDK uses for file names and arguments. */
public final class CString {

    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private CString() {
    }

    /**
     * {@return the bytes with a terminating zero}
     *
     * @throws IllegalArgumentException if the text contains a zero or a character that the encoding does not have
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
     * {@return the bytes of a file name with a terminating zero}
     *
     * <p>A Path keeps every byte of a name, but its text is decoded. Only its URI has every byte. The URI of a directory
     * ends with a slash. This method removes the slash, because the kernel would follow a final symbolic link with it.
     *
     * @throws IllegalArgumentException if the file is not in the default file system
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
