package nucleus.caps.internal.proc;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Cause;
import nucleus.caps.internal.sys.Errno;

/**
 * Reads files, links and directories of /proc. Each of them can vanish between two calls, because its thread ends.
 *
 * <p>Nothing is reported as gone unless the kernel says that its path does not exist. Any other error is an exception.
 */
public final class ProcFiles {

    /** Longer than a usual status file or map. A longer file is read in several pieces of one snapshot. */
    private static final int CHUNK = 1 << 16;

    private ProcFiles() {
    }

    /** Lists the names in a directory. A test replaces it to change something between two listings. */
    @FunctionalInterface
    interface Names {
        List<String> in(String directory) throws IOException;
    }

    /** {@return the names in a directory} An error after the first name is an exception too, not the end of the list. */
    static List<String> names(String directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory))) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** {@return the names in a directory that must exist} */
    public static List<String> list(String directory) {
        return list(directory, ProcFiles::names);
    }

    /** {@return the names in a directory that must exist} */
    static List<String> list(String directory, Names names) {
        try {
            return names.in(directory);
        } catch (IOException e) {
            throw failed("open", directory, e);
        }
    }

    /** {@return the names in a directory, or none if it is gone} */
    static List<String> listIfThere(String directory, Names names) {
        try {
            return names.in(directory);
        } catch (IOException e) {
            if (isGone(directory, e)) {
                return List.of();
            }
            throw failed("open", directory, e);
        }
    }

    /** {@return the target of a symbolic link, or an empty text if the link is gone} */
    public static String link(String file) {
        return target(file).toString();
    }

    /** {@return the target of a symbolic link, or an empty path if the link is gone} It keeps bytes that are no text. */
    public static Path target(String file) {
        try {
            return Files.readSymbolicLink(Path.of(file));
        } catch (NoSuchFileException e) {
            return Path.of("");
        } catch (IOException e) {
            throw failed("readlink", file, e);
        }
    }

    /**
     * {@return the content, or empty if the file or its thread is gone; the text of an unset map is empty}
     *
     * <p>Files.readString does not work: it reads one byte first, and some files return data only at offset 0.
     */
    public static Optional<String> read(String file) {
        try (FileInputStream in = new FileInputStream(file)) {
            StringBuilder text = new StringBuilder();
            byte[] chunk = new byte[CHUNK];
            for (int n; (n = in.read(chunk)) > 0;) {
                text.append(new String(chunk, 0, n, StandardCharsets.ISO_8859_1));
            }
            return Optional.of(text.toString());
        } catch (IOException e) {
            if (isGone(file, e)) {
                return Optional.empty();
            }
            throw failed("read", file, e);
        }
    }

    /** A thread can end between the listing and the open, and between the open and the read. The errors are ENOENT and ESRCH. */
    private static boolean isGone(String file, IOException error) {
        return error instanceof NoSuchFileException || Files.notExists(Path.of(file));
    }

    /** FileInputStream has one exception for all errors of open(2). */
    private static boolean isForbidden(String file, IOException error) {
        return error instanceof FileNotFoundException && !Files.isReadable(Path.of(file));
    }

    private static CapsException failed(String call, String file, IOException error) {
        String called = call + "(" + file + ")";
        Errno errno = error instanceof NoSuchFileException ? Errno.ENOENT
                : error instanceof AccessDeniedException || isForbidden(file, error) ? Errno.EACCES : Errno.NONE;
        if (!errno.equals(Errno.NONE)) { // the message is the path alone
            return errno.exception(called, Cause.ofPath(errno));
        }
        return Errno.NONE.exception(called, String.valueOf(error.getMessage()));
    }
}
