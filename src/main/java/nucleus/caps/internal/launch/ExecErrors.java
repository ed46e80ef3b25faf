package nucleus.caps.internal.launch;

import nucleus.caps.internal.sys.Errno;

/** Explains the errors of execve(2). */
final class ExecErrors {

    private ExecErrors() {
    }

    static String ofExecve(Errno errno) {
        return switch (errno.name()) {
            case "ENOENT" -> "there is no such program for this identity, or it needs an interpreter that is not there";
            case "EACCES" -> "this identity may not execute it, or not reach it, or its file system is mounted noexec";
            case "ENOEXEC" -> "it is no program for this machine";
            case "EPERM" -> "it has file capabilities that it must get and cannot, or a security module forbids it";
            case "E2BIG" -> "the arguments and the environment are too long together";
            case "EAGAIN" -> "the user of the child has as many processes and threads as RLIMIT_NPROC allows; setrlimit(2)";
            case "ETXTBSY" -> "it is open for writing";
            default -> "the kernel refused it";
        };
    }
}
