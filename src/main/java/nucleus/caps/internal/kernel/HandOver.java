package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.internal.sys.CString;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.FileStatus;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/**
 * Gives trees of files to a user, chown(2), while another process may change the trees.
 *
 * <p>Every file is opened by its name in the open directory that holds it, with O_PATH and O_NOFOLLOW. What is checked and given
 * away is the open file, whatever its name refers to by then. No symbolic link is followed, not even in the path of a tree. A
 * file with another name elsewhere could be made by anyone who can write the directory, so it is refused there. The kernel
 * clears the set-user-ID bit and the capabilities of a file that gets another owner.
 */
final class HandOver {

    private static final int O_FLAGS = 0x20_0000 | 0x8_0000; // O_PATH, O_CLOEXEC: equal on all processors of this library
    private static final int O_NOFOLLOW = System.getProperty("os.arch").equals("aarch64") ? 0x8000 : 0x2_0000;
    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final int S_IFDIR = 0x4000;
    private static final int S_IFLNK = 0xA000;
    private static final int S_IFCHR = 0x2000;
    private static final int S_IFBLK = 0x6000;
    private static final int OTHERS_WRITE = 0x12; // S_IWGRP, S_IWOTH

    private static final Path ROOT = Path.of("/");
    private static final int DEEPEST = 200;

    private final Identity user;
    private boolean changing;
    private boolean changed;

    HandOver(Identity user) {
        this.user = user;
    }

    /** An open file, and its status. */
    private record Open(int descriptor, Path path, FileStatus status) implements AutoCloseable {

        Path link() {
            return Path.of("/proc/thread-self/fd/" + descriptor);
        }

        /** Whether somebody else than root can create names in this directory. */
        boolean isOpenToOthers() {
            return status.uid() != 0 || (status.mode() & OTHERS_WRITE) != 0;
        }

        @Override
        public void close() {
            Syscalls.call(Syscall.CLOSE, descriptor);
        }
    }

    /** {@return whether a file has a new owner or group} Checks every tree before it changes the first file. */
    boolean give(List<Path> trees) {
        for (boolean change : new boolean[] {false, true}) {
            changing = change;
            for (Path tree : trees) {
                tree(tree.toAbsolutePath().normalize());
            }
        }
        return changed;
    }

    /** Walks from the root directory to the tree, because a path could lead through a link. */
    private void tree(Path tree) {
        if (tree.getNameCount() == 0) {
            throw refused("openat", tree, "the root directory cannot be handed over");
        }
        walk(opened(openat(ROOT), ROOT), tree, 0);
    }

    private void walk(Open directory, Path tree, int depth) {
        try (Open here = directory;
                Open next = opened(openat(here.link().resolve(tree.getName(depth))), tree.subpath(0, depth + 1))) {
            if (next.status.is(S_IFLNK)) {
                throw refused("openat", next.path, "it is a symbolic link; hand over the real path");
            }
            if (depth + 1 == tree.getNameCount()) {
                give(here, next, next.status.device(), 0);
            } else {
                walk(next, tree, depth + 1);
            }
        }
    }

    private Open opened(long result, Path path) {
        if (result < 0) {
            throw failed(Errno.of(result), "openat", path, "handOver: the file cannot be opened");
        }
        return stat((int) result, path);
    }

    private static long openat(Path name) {
        try (Arena arena = Arena.ofConfined()) {
            return Syscalls.call(Syscall.OPENAT, AT_FDCWD,
                    arena.allocateFrom(JAVA_BYTE, CString.terminated(name)).address(), O_FLAGS | O_NOFOLLOW);
        }
    }

    private Open stat(int descriptor, Path path) {
        FileStatus status = FileStatus.of(descriptor);
        if (!status.known()) {
            Syscalls.call(Syscall.CLOSE, descriptor);
            throw failed(status.errno(), "statx", path, "handOver: the status of the file cannot be read");
        }
        return new Open(descriptor, path, status);
    }

    private void give(Open directory, Open file, long device, int depth) {
        check(directory, file, device, depth);
        if (file.status.is(S_IFDIR)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(file.link())) {
                for (Path entry : entries) {
                    give(file, entry, device, depth);
                }
            } catch (IOException | DirectoryIteratorException e) {
                throw refused("getdents64", file.path, String.valueOf(e.getMessage()));
            }
        }
        if (changing && !isOfUser(file)) {
            own(file);
        }
    }

    /** Skips a name that is gone: the program may delete files meanwhile. */
    private void give(Open directory, Path entry, long device, int depth) {
        long descriptor = openat(entry);
        if (!Errno.ENOENT.is(descriptor)) {
            try (Open child = opened(descriptor, directory.path.resolve(String.valueOf(entry.getFileName())))) {
                give(directory, child, device, depth + 1);
            }
        }
    }

    private boolean isOfUser(Open file) {
        return file.status.uid() == user.uid() && file.status.gid() == user.gid();
    }

    private void check(Open directory, Open file, long device, int depth) {
        if (file.status.is(S_IFCHR) || file.status.is(S_IFBLK)) {
            throw refused("fchownat", file.path, "it is a device");
        }
        if (file.status.device() != device || (depth > 0 && file.status.mounted())) {
            throw refused("fchownat", file.path, "another file system is mounted there");
        }
        if (file.status.fixed() && !isOfUser(file)) {
            throw refused("fchownat", file.path, "it is immutable or append-only, chattr(1)");
        }
        if (depth > DEEPEST) {
            throw refused("openat", file.path, "the tree has more than " + DEEPEST + " levels");
        }
        if (file.status.is(FileStatus.S_IFREG) && file.status.links() > 1 && !isOfUser(file) && directory.isOpenToOthers()) {
            throw refused("fchownat", file.path,
                    "it has " + file.status.links() + " hard links, and another user can write the directory;"
                            + " it may be a file from elsewhere");
        }
    }

    private void own(Open file) {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscalls.call(Syscall.FCHOWNAT, file.descriptor, arena.allocateFrom("").address(), user.uid(),
                    user.gid(), AT_EMPTY_PATH);
            if (result < 0) {
                throw failed(Errno.of(result), "fchownat", file.path,
                        "handOver needs CAP_CHOWN and a file system that has owners");
            }
            changed = true;
        }
    }

    private CapsException refused(String call, Path path, String why) {
        return failed(Errno.NONE, call, path, "handOver: " + why);
    }

    private CapsException failed(Errno errno, String call, Path path, String why) {
        return new CapsException(call + "(" + ROOT.resolve(path) + ")", errno.number(), errno.name(), why, changed,
                List.of());
    }
}
