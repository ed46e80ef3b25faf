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
 * What a program file gives to whoever executes it: the extended attribute {@code security.capability}.
 *
 * <p>Its form is the same on every machine, little endian, in three versions: capabilities 0 to 31 alone, all 64, and
 * all 64 with a root uid. All are read by {@link #decode}; the last two are written. Linux itself shows and takes no
 * longer the first.
 *
 * {@snippet class="snippets.Texts" region="files"}
 *
 * @param permitted what the program gets, as far as it is in the bounding set
 * @param inheritable what it gets where the thread has it inheritable too
 * @param effective whether what it gets is effective at once: one bit for all
 * @param rootUid 0, or the uid whose user namespace, of which it is root, the capabilities are good for
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public record FileCapabilities(CapabilitySet permitted, CapabilitySet inheritable, boolean effective, long rootUid) {

    /**
     * Sets in any relation to one another.
     *
     * @throws IllegalArgumentException if the root uid is none
     */
    public FileCapabilities {
        requireNonNull(permitted, "permitted");
        requireNonNull(inheritable, "inheritable");
        if (rootUid < 0 || rootUid > Identity.MAX_ID) {
            throw new IllegalArgumentException("a root uid is within 0 to " + Identity.MAX_ID + ", not " + rootUid);
        }
    }

    /**
     * {@return capabilities of a file from libcap's text for them, {@link CapabilityState#parse}}
     *
     * @param text the text, as setcap(8) takes it
     * @throws IllegalArgumentException if that is no such text, or as for {@link #of}
     */
    public static FileCapabilities parse(String text) {
        return of(CapabilityState.parse(text));
    }

    /**
     * {@return capabilities of a file from a state; a file has one bit for effective, which is set if one is}
     *
     * @param state the state
     * @throws IllegalArgumentException if some are effective, but not all that are permitted or inheritable
     */
    public static FileCapabilities of(CapabilityState state) {
        CapabilitySet missing = state.permitted().union(state.inheritable()).minus(state.effective());
        if (!state.effective().isEmpty() && !missing.isEmpty()) {
            throw new IllegalArgumentException("the capabilities of a file are all effective or none is; not effective: "
                    + missing);
        }
        return new FileCapabilities(state.permitted(), state.inheritable(), !state.effective().isEmpty(), 0);
    }

    /**
     * {@return the same, good for the user namespaces that a uid is root of}
     *
     * @param uid the uid as this process knows it; 0 for no such limit
     * @throws IllegalArgumentException if that is no uid
     */
    public FileCapabilities withRootUid(long uid) {
        return new FileCapabilities(permitted, inheritable, effective, uid);
    }

    /** {@return the sets, effective being all or none, for which libcap has a text} */
    public CapabilityState state() {
        return new CapabilityState(effective ? permitted.union(inheritable) : CapabilitySet.NONE, permitted, inheritable);
    }

    /**
     * {@return the capabilities of a file, or nothing where it has none}
     *
     * @param file the file; if it is a symbolic link, that link itself, which has none as a rule
     * @param options {@link FileVisitOption#FOLLOW_LINKS} to follow a link
     * @throws CapsException if they cannot be read, or are malformed: the message shows the bytes, where the kernel does
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
     * Gives these capabilities to a file, in place of those it has. Needs CAP_SETFCAP.
     *
     * @param file a regular file
     * @param options {@link FileVisitOption#FOLLOW_LINKS} to follow a symbolic link, which is refused otherwise
     * @throws CapsException if they cannot be written
     */
    public void write(Path file, FileVisitOption... options) {
        CapabilityAttribute.write(regular("lsetxattr", file, options), encode());
    }

    /**
     * {@return whether the file had capabilities, which it has no longer} Needs CAP_SETFCAP.
     *
     * @param file a regular file
     * @param options {@link FileVisitOption#FOLLOW_LINKS} to follow a symbolic link, which is refused otherwise
     * @throws CapsException if they cannot be removed
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
            throw refused(call, file, "it is no regular file");
        }
        return target;
    }

    private static CapsException refused(String call, Path file, String rule) {
        return Errno.NONE.exception(call + "(" + file + ", security.capability)", rule);
    }

    /**
     * {@return what the bytes of the attribute say, of any version}
     *
     * @param bytes the attribute, as in an archive or in a layer of an image
     * @throws IllegalArgumentException if they are malformed; the message shows them
     */
    public static FileCapabilities decode(byte[] bytes) {
        VfsCapData data = VfsCapData.decode(bytes);
        return new FileCapabilities(data.permitted(), data.inheritable(), data.effective(), data.rootUid());
    }

    /** {@return the bytes of the attribute: version 3 where there is a root uid, else version 2} */
    public byte[] encode() {
        return new VfsCapData(permitted, inheritable, effective, rootUid).encode();
    }

    /** {@return libcap's text, and the root uid where there is one, as {@code getcap -n} prints them} */
    @Override
    public String toString() {
        return toText(CapabilitySet.ALL);
    }

    /**
     * {@return the same on a certain kernel, {@link CapabilityState#toText}}
     *
     * @param supported what that kernel knows
     */
    public String toText(CapabilitySet supported) {
        return state().toText(supported) + (rootUid == 0 ? "" : " [rootid=" + rootUid + "]");
    }
}
