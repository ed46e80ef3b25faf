package nucleus.caps.internal.advice;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import nucleus.caps.Advice;
import nucleus.caps.internal.sys.NewMapping;

/** Memory of which the next piece is locked too, mlockall(2), and more of it than a user without CAP_IPC_LOCK may lock. */
final class LockedMemory {

    private static final String LINE = "VmLck:";
    private static final long KILO = 1024;
    private static final int HEXADECIMAL = 16;

    private LockedMemory() {
    }

    static List<Advice> of(Jvm jvm) {
        String status = jvm.text("status");
        int at = status.indexOf(LINE);
        long locked = at < 0 ? 0 : Long.parseLong(new StringTokenizer(status.substring(at + LINE.length())).nextToken());
        Optional<Long> limit = locked == 0 ? Optional.empty() : Limit.soft(jvm, "Max locked memory");
        if (limit.isEmpty() || locked * KILO <= limit.get() || !(jvm.isOwn() ? locksNew(jvm) : isAllLocked(jvm.text("smaps")))) {
            return List.of();
        }
        return List.of(new Advice(Advice.Kind.LOCKED_MEMORY, "without CAP_IPC_LOCK, the JVM ends or cannot create threads",
                "new memory is locked, mlockall(MCL_FUTURE), " + locked + " kB are locked, and RLIMIT_MEMLOCK is "
                        + limit.get() / KILO + " kB",
                "raise the limit, as LimitMEMLOCK= of systemd does, keep CAP_IPC_LOCK, or use mlockall(MCL_CURRENT)"));
    }

    private static boolean locksNew(Jvm jvm) {
        try (NewMapping mapping = new NewMapping()) {
            return isLocked(jvm.text("smaps"), mapping.address());
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isLocked(String smaps, long address) {
        boolean here = false;
        StringTokenizer lines = new StringTokenizer(smaps, "\n");
        while (lines.hasMoreTokens()) {
            String line = lines.nextToken();
            if (isHead(line)) {
                String[] range = line.substring(0, line.indexOf(' ')).split("-", 2);
                here = Long.parseUnsignedLong(range[0], HEXADECIMAL) <= address
                        && address < Long.parseUnsignedLong(range[1], HEXADECIMAL);
            } else if (here && line.startsWith("VmFlags:")) {
                return line.contains(" lo");
            }
        }
        return false;
    }

    /** Of another JVM, it is so if all of its memory is locked. With MCL_CURRENT, some memory is newer than the call. */
    private static boolean isAllLocked(String smaps) {
        boolean counts = false;
        StringTokenizer lines = new StringTokenizer(smaps, "\n");
        while (lines.hasMoreTokens()) {
            String line = lines.nextToken();
            if (isHead(line)) {
                counts = line.contains(" rw-p ");
            } else if (counts && line.startsWith("VmFlags:") && !line.contains(" lo")) {
                return false;
            }
        }
        return true;
    }

    /** The names of the other lines begin with a capital letter. */
    private static boolean isHead(String line) {
        return Character.digit(line.charAt(0), HEXADECIMAL) >= 0 && !Character.isUpperCase(line.charAt(0));
    }
}
