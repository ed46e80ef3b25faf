package nucleus.caps.internal.sys;

import static nucleus.caps.Capability.CAP_SETFCAP;
import static nucleus.caps.Capability.CAP_SYS_ADMIN;
import static nucleus.caps.Capability.CAP_SYS_RESOURCE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.CapsException;

/**
 * Says in words why the kernel has refused a call. The same errno means different things for different calls, and for
 * callers in different states. A cause that the state of the caller excludes is not named.
 */
public final class Cause {

    /** The cause of a refusal that no rule foresees. */
    public static final String UNFORESEEN =
            "no rule of capabilities(7) forbids this call; the cause can be a security module or a seccomp filter";

    /** The calls that have causes of their own. */
    enum Kind {
        /** A call whose only object is a path. */
        PATH,
        EXECVE,
        GET_CAPABILITIES,
        SET_CAPABILITIES,
        /** Create a thread, clone(2). */
        THREAD
    }

    private Cause() {
    }

    /** {@return why a path cannot be reached} */
    public static String ofPath(Errno errno) {
        return switch (errno.name()) {
            case "ENOENT" -> "the path does not exist";
            case "ENOTDIR" -> "a part of the path is no directory";
            case "EACCES" -> "the caller may not reach or read it";
            case "ELOOP" -> "too many symbolic links";
            case "ENAMETOOLONG" -> "the path or a name in it is too long";
            case "EROFS" -> "its file system is mounted read-only";
            case "ENOSPC", "EDQUOT" -> "its file system has no room left";
            default -> "the kernel refused it";
        };
    }

    /** {@return why a program cannot be executed, execve(2)} */
    public static String ofExecve(Errno errno) {
        return switch (errno.name()) {
            case "ENOENT" -> "there is no such program for this identity, or it needs an interpreter that is not there";
            case "EACCES" -> "this identity may not execute it, or not reach it, or its file system is mounted noexec";
            case "ENOEXEC" -> "it is no program for this machine";
            case "EPERM" -> "it has file capabilities that it must get and cannot, or a security module forbids it";
            case "E2BIG" -> "the arguments and the environment are too long together";
            case "EAGAIN" -> "the user has as many processes and threads as RLIMIT_NPROC allows; setrlimit(2)";
            case "ETXTBSY" -> "it is open for writing";
            default -> ofPath(errno);
        };
    }

    /**
     * {@return why a thread cannot start} The JDK reports it as an OutOfMemoryError.
     *
     * @throws OutOfMemoryError the same, if it is about other memory
     */
    public static CapsException ofStart(OutOfMemoryError error) {
        if (!String.valueOf(error.getMessage()).startsWith("unable to create native thread")) {
            throw error;
        }
        return Errno.EAGAIN.exception("clone()", of(Kind.THREAD, Errno.EAGAIN, CallerState.now()));
    }

    /** {@return why the capabilities of a file cannot be read or changed, in the present state of the caller and the file} */
    static String ofCapabilities(Path file, boolean change, Errno errno) {
        return of(change ? Kind.SET_CAPABILITIES : Kind.GET_CAPABILITIES, errno, CallerState.on(file));
    }

    static String of(Kind kind, Errno errno, CallerState state) {
        return switch (kind) {
            case PATH -> ofPath(errno);
            case EXECVE -> ofExecve(errno);
            case THREAD -> thread(errno, state);
            case GET_CAPABILITIES, SET_CAPABILITIES -> capabilities(kind, errno, state);
        };
    }

    private static String capabilities(Kind kind, Errno errno, CallerState state) {
        boolean change = kind == Kind.SET_CAPABILITIES;
        return switch (errno.name()) {
            case "EPERM" -> change ? forbidden(state) : UNFORESEEN;
            case "EINVAL" -> (change && !state.allIdsMapped() ? "its root uid has no mapping in this user namespace, or " : "")
                    + "the kernel takes it for malformed" + (change ? "" : ", and shows nothing of it");
            case "ERANGE" -> "it is longer than any capabilities are";
            case "EOVERFLOW" -> "its root uid has no mapping in this user namespace";
            case "EOPNOTSUPP" -> "the file system keeps no such attribute";
            default -> ofPath(errno);
        };
    }

    private static String forbidden(CallerState state) {
        List<String> causes = new ArrayList<>();
        if (!state.effective().contains(CAP_SETFCAP)) {
            causes.add("needs CAP_SETFCAP in the effective set");
        }
        if (state.fileFixed()) {
            causes.add("the file is immutable or append-only, chattr(1)");
        }
        if (state.fileUnmapped()) {
            causes.add("the owner or the group of the file has no mapping in this user namespace");
        }
        return causes.isEmpty() ? UNFORESEEN : String.join(", and ", causes);
    }

    /** RLIMIT_NPROC does not count for those who hold one of two capabilities in the initial user namespace. */
    private static String thread(Errno errno, CallerState state) {
        boolean unlimited = state.allIdsMapped()
                && (state.effective().contains(CAP_SYS_RESOURCE) || state.effective().contains(CAP_SYS_ADMIN));
        return errno.equals(Errno.EAGAIN)
                ? (unlimited ? "" : "the user has as many processes and threads as RLIMIT_NPROC allows, or ")
                        + "the cgroup as many as its pids.max, or memory is short"
                : "the kernel refused it";
    }
}
