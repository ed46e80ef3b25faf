package nucleus.caps.internal.proc;

import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.ProcessCalls;

/**
 * The processes that exist, and that /proc hides from this process by its mount option hidepid, proc(5). With hidepid=1 the
 * directory of such a process is there, and access to anything in it fails with EPERM. With hidepid=2 and hidepid=4 the
 * directory is not there.
 */
final class Hidden {

    private Hidden() {
    }

    /**
     * Refuses a process or thread that exists and is hidden. If it ends meanwhile, it counts as hidden or as ended.
     *
     * @param what process or thread
     * @param id a positive number
     * @throws CapsException with the errno of open(2): EPERM or ENOENT
     */
    static void refuse(String what, long id) {
        Path directory = Path.of("/proc/" + id);
        if (Files.isExecutable(directory)) {
            return;
        }
        boolean listed = !Files.notExists(directory);
        if (listed || isKnownToExist(id)) {
            throw (listed ? Errno.EPERM : Errno.ENOENT).exception("open(" + directory + "/status)",
                    what + " " + id + " is hidden by the mount option hidepid of /proc; CAP_SYS_PTRACE shows it");
        }
    }

    /** Only a native call tells it, and only in the pid namespace of this process. */
    private static boolean isKnownToExist(long id) {
        return id <= Integer.MAX_VALUE && Hidden.class.getModule().isNativeAccessEnabled()
                && ProcFiles.link("/proc/self").equals(Long.toString(ProcessHandle.current().pid()))
                && ProcessCalls.exists((int) id);
    }
}
