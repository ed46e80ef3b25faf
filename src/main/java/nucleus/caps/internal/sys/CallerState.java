package nucleus.caps.internal.sys;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import nucleus.caps.CapabilitySet;

/**
 * What the kernel looks at beside the arguments of a call.
 *
 * @param effective the effective set of the calling thread
 * @param allIdsMapped whether every id is mapped in the user namespace of this process, as in the initial one
 * @param fileUnmapped whether the owner or the group of the file may have no mapping there
 * @param fileFixed whether the file is immutable or append-only
 */
record CallerState(CapabilitySet effective, boolean allIdsMapped, boolean fileUnmapped, boolean fileFixed) {

    private static final String ALL_IDS = "0 0 4294967295";

    /** {@return the state for a call that has no file} */
    static CallerState now() {
        return new CallerState(Syscalls.capget().effective(), mapsAll("uid") && mapsAll("gid"), false, false);
    }

    /** {@return the state for a call that has just failed on a file} Does not follow a final symbolic link. */
    static CallerState on(Path file) {
        CallerState now = now();
        FileStatus status = FileStatus.ofLink(file);
        boolean unmapped = status.known() && !now.allIdsMapped
                && (overflows("uid", status.uid()) || overflows("gid", status.gid()));
        return new CallerState(now.effective, now.allIdsMapped, unmapped, status.fixed());
    }

    private static boolean mapsAll(String kind) {
        return read("/proc/self/" + kind + "_map", ALL_IDS).replaceAll(" +", " ").equals(ALL_IDS);
    }

    /** The kernel shows every id without a mapping as this one. */
    private static boolean overflows(String kind, long id) {
        return read("/proc/sys/kernel/overflow" + kind, "65534").equals(Long.toString(id));
    }

    /** The file is absent in a kernel without user namespaces. It must be read at offset 0 in one call. */
    private static String read(String file, String absent) {
        try (FileInputStream in = new FileInputStream(file)) {
            byte[] bytes = new byte[1 << 12];
            return new String(bytes, 0, Math.max(0, in.read(bytes)), StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return absent;
        }
    }
}
