package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nucleus.caps.internal.sys.CapabilityAttribute;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Platform;
import nucleus.caps.internal.sys.VfsCapData;

/**
 * The file capabilities of a program: the extended attribute {@code security.capability}.
 *
 * <p>The attribute is little endian on every machine. Version 1 has capabilities 0 to 31, version 2 has all 64, and
 * version 3 has all 64 and a root uid. {@link #decode} reads all versions. {@link #encode} writes versions 2 and 3.
 * Current kernels no longer show or accept version 1.
 *
 * {@snippet class="snippets.Texts" region="files"}
 *
 * @param permitted what the program gains, limited by the bounding set
 * @param inheritable what the program gains if it is also in the inheritable set of the thread
 * @param effective whether the gained capabilities are effective at once: one bit for all
 * @param rootUid the uid that is root in the user namespace where these capabilities apply, or 0 for no such limit
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public record FileCapabilities(CapabilitySet permitted, CapabilitySet inheritable, boolean effective, long rootUid) {

    /**
     * Accepts any combination of sets.
     *
     * @throws IllegalArgumentException if the root uid is not a valid uid
     */
    public FileCapabilities {
        requireNonNull(permitted, "permitted");
        requireNonNull(inheritable, "inheritable");
        if (rootUid < 0 || rootUid > Identity.MAX_ID) {
            throw new IllegalArgumentException("a root uid must be 0 to " + Identity.MAX_ID + ", not " + rootUid);
        }
    }

    /**
     * {@return file capabilities from libcap's text, {@link CapabilityState#parse}}
     *
     * @param text the text, in the format of setcap(8)
     * @throws IllegalArgumentException if the text is malformed, or as {@link #of}
     */
    public static FileCapabilities parse(String text) {
        return of(CapabilityState.parse(text));
    }

    /**
     * {@return file capabilities from a state; the effective bit is set if the effective set is not empty}
     *
     * @param state the state
     * @throws IllegalArgumentException if the effective set is not empty and lacks a permitted or inheritable capability
     */
    public static FileCapabilities of(CapabilityState state) {
        CapabilitySet missing = state.permitted().union(state.inheritable()).minus(state.effective());
        if (!state.effective().isEmpty() && !missing.isEmpty()) {
            throw new IllegalArgumentException("a file has one effective bit for all its capabilities; not effective: "
                    + missing);
        }
        return new FileCapabilities(state.permitted(), state.inheritable(), !state.effective().isEmpty(), 0);
    }

    /**
     * {@return these capabilities, limited to user namespaces in which that uid is root}
     *
     * @param uid the uid in the user namespace of this process; 0 for no such limit
     * @throws IllegalArgumentException if the number is not a valid uid
     */
    public FileCapabilities withRootUid(long uid) {
        return new FileCapabilities(permitted, inheritable, effective, uid);
    }

    /** {@return the three sets, with all capabilities effective or none; libcap has a text format for them} */
    public CapabilityState state() {
        return new CapabilityState(effective ? permitted.union(inheritable) : CapabilitySet.NONE, permitted, inheritable);
    }

    /**
     * {@return the capabilities of a file, or empty if it has none}
     *
     * @param file the file; for a symbolic link the link itself, which usually has none
     * @param options {@link FileVisitOption#FOLLOW_LINKS} to follow a link
     * @throws CapsException if the capabilities cannot be read or are malformed; the message shows the bytes, if the kernel
     *     returns them
     */
    public static Optional<FileCapabilities> read(Path file, FileVisitOption... options) {
        Path target = target(file, options);
        return CapabilityAttribute.read(target).map(bytes -> {
            try {
                return decode(bytes);
            } catch (IllegalArgumentException e) {
                throw refused("lgetxattr", file, String.valueOf(e.getMessage()));
            }
        });
    }

    /**
     * Replaces the capabilities of a file with these. Needs CAP_SETFCAP.
     *
     * @param file a regular file
     * @param options {@link FileVisitOption#FOLLOW_LINKS} to follow a symbolic link; otherwise a link is refused
     * @throws CapsException if the capabilities cannot be written
     */
    public void write(Path file, FileVisitOption... options) {
        CapabilityAttribute.write(regular("lsetxattr", file, options), encode());
    }

    /**
     * {@return whether the file had capabilities, which are now removed} Needs CAP_SETFCAP.
     *
     * @param file a regular file
     * @param options {@link FileVisitOption#FOLLOW_LINKS} to follow a symbolic link; otherwise a link is refused
     * @throws CapsException if the capabilities cannot be removed
     */
    public static boolean remove(Path file, FileVisitOption... options) {
        return CapabilityAttribute.remove(regular("lremovexattr", file, options));
    }

    private static Path target(Path file, FileVisitOption... options) {
        Platform.require();
        try {
            return List.of(options).contains(FileVisitOption.FOLLOW_LINKS) ? file.toRealPath() : file;
        } catch (IOException e) {
            throw refused("realpath", file, e.toString());
        }
    }

    private static Path regular(String call, Path file, FileVisitOption... options) {
        Path target = target(file, options);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(call, file, "it is not a regular file");
        }
        return target;
    }

    private static CapsException refused(String call, Path file, String rule) {
        return Errno.NONE.exception(call + "(" + file + ", security.capability)", rule);
    }

    /**
     * {@return file capabilities from the bytes of the attribute, in any version}
     *
     * @param bytes the attribute, for example from an archive or an image layer
     * @throws IllegalArgumentException if the bytes are malformed; the message shows them
     */
    public static FileCapabilities decode(byte[] bytes) {
        VfsCapData data = VfsCapData.decode(bytes);
        return new FileCapabilities(data.permitted(), data.inheritable(), data.effective(), data.rootUid());
    }

    /** {@return the bytes of the attribute: version 3 if the root uid is not 0, otherwise version 2} */
    public byte[] encode() {
        return new VfsCapData(permitted, inheritable, effective, rootUid).encode();
    }

    /** {@return libcap's text, and the root uid if it is not 0, in the format of {@code getcap -n}} */
    @Override
    public String toString() {
        return toText(CapabilitySet.ALL);
    }

    /**
     * {@return the text for a given kernel, {@link CapabilityState#toText}}
     *
     * @param supported the capabilities that the kernel knows
     */
    public String toText(CapabilitySet supported) {
        return state().toText(supported) + (rootUid == 0 ? "" : " [rootid=" + rootUid + "]");
    }
}
