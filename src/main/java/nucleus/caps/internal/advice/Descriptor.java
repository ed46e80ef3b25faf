package nucleus.caps.internal.advice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.internal.proc.ProcFiles;

/**
 * An open file of a JVM, proc_pid_fd(5).
 *
 * @param number the file descriptor
 * @param target the path of the file, or what the kernel shows of something without a path
 * @param link the link in /proc
 */
record Descriptor(int number, String target, Path link) {

    private static final int STANDARD_ERROR = 2;

    /** {@return the open files of a process} */
    static List<Descriptor> of(Jvm jvm) {
        List<Descriptor> found = new ArrayList<>();
        for (String name : jvm.list("fd")) {
            String target = jvm.link("fd/" + name);
            if (!target.isEmpty()) { // else it was closed meanwhile
                found.add(new Descriptor(Integer.parseInt(name), target, jvm.file("fd/" + name)));
            }
        }
        return found;
    }

    /** {@return the files that are open for writing, without the standard streams and without deleted files} */
    static List<Path> written(List<Descriptor> descriptors) {
        List<Path> files = new ArrayList<>();
        for (Descriptor each : descriptors) {
            String file = each.target;
            boolean named = file.startsWith("/") && !file.startsWith("/dev/") && !file.startsWith("/proc/");
            if (named && !each.isStandard() && each.isWritten() && Files.isRegularFile(Path.of(file))) {
                files.add(Path.of(file));
            }
        }
        return files;
    }

    boolean isStandard() {
        return number <= STANDARD_ERROR;
    }

    /** {@return whether it is open for writing} The kernel shows it in the mode of the link. */
    boolean isWritten() {
        try {
            return Files.getPosixFilePermissions(link, LinkOption.NOFOLLOW_LINKS).contains(PosixFilePermission.OWNER_WRITE);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
