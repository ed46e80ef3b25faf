package nucleus.caps.internal.advice;

import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.Advice;
import nucleus.caps.internal.sys.FileStatus;

/** Directories in the directory for temporary files that were created since the JVM started, and will be closed to it. */
final class TemporaryDirectories {

    private TemporaryDirectories() {
    }

    static List<Advice> of(Jvm jvm, NewUser user, List<Path> written) {
        List<Advice> found = new ArrayList<>();
        FileTime start = jvm.start();
        long uid = jvm.uid();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(jvm.temporary())) {
            for (Path entry : entries) {
                if (isMade(entry, uid, start) && !holdsOneOf(entry, written) && user.cannot(AccessMode.EXECUTE, entry)) {
                    found.add(new Advice(Advice.Kind.TEMPORARY_DIRECTORY, "if this program uses " + entry + ", that fails, for"
                            + " example file uploads", "the directory is younger than the JVM, and " + user + " cannot search it",
                            "hand it over with the option handOver, or create it after the drop"));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return found; // there is no such directory
        }
        return found;
    }

    /** {@link OpenFiles} reports such a directory. */
    private static boolean holdsOneOf(Path directory, List<Path> files) {
        for (Path file : files) {
            if (file.startsWith(directory)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is a directory of that user, not older than that. Which process made it is not known. */
    private static boolean isMade(Path entry, long uid, FileTime start) {
        try {
            BasicFileAttributes told = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            FileStatus status = FileStatus.ofLink(entry);
            return told.isDirectory() && told.creationTime().compareTo(start) >= 0 && status.known() && status.uid() == uid;
        } catch (IOException e) {
            return false; // it is gone
        }
    }
}
