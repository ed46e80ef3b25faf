package nucleus.caps;

import nucleus.caps.internal.text.Quoted;

/**
 * Something of a running JVM that will fail, or be open to others, after a switch to another user.
 *
 * @param kind what it is, for programs
 * @param what what will fail
 * @param why the fact that makes it fail
 * @param remedy what helps
 * @see Phase.Initial#advise
 */
public record Advice(Kind kind, String what, String why, String remedy) {

    /** The kinds of advice, the worst first. Later versions can add some. */
    public enum Kind {
        /** All new memory is locked, and more than RLIMIT_MEMLOCK is. Without CAP_IPC_LOCK the JVM cannot have new memory. */
        LOCKED_MEMORY,
        /** A flight recording is running. The JVM ends with SIGABRT when the recording begins its next file. */
        FLIGHT_RECORDING,
        /** A part of the JDK, the class path or the module path cannot be read. Classes are loaded late, so this shows late. */
        CODE,
        /** A temporary directory that was created at start cannot be used any more. */
        TEMPORARY_DIRECTORY,
        /** Open files cannot be opened again, renamed or replaced. */
        OPEN_FILES,
        /** The log of the JVM itself, {@code -Xlog}, stops when it is rotated. */
        JVM_LOG,
        /** Files that the JVM creates later, such as temporary files, heap dumps and crash reports, cannot be created. */
        NEW_FILES,
        /** The working directory cannot be searched. Relative paths cannot be opened. */
        WORKING_DIRECTORY,
        /** The home directory is in use, and cannot be written. For example, preferences cannot be saved. */
        HOME,
        /** Standard output or standard error is a pipe, is in use by its name, and cannot be opened by its name again. */
        STANDARD_STREAM,
        /** The file of passwords for JMX cannot be read. Nobody can log in. */
        MANAGEMENT,
        /** RLIMIT_NPROC is below the number of threads that the user will have. No thread can be created. */
        PROCESS_LIMIT,
        /** The JVM has a controlling terminal. The new user can type commands into it. */
        TERMINAL
    }

    /** {@return one line, without control characters, which names of files can contain} */
    @Override
    public String toString() {
        return Quoted.shown(what + ", because " + why + "; " + remedy);
    }
}
