package nucleus.caps.internal.advice;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import nucleus.caps.CapsException;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.proc.ProcFiles;
import nucleus.caps.internal.sys.Errno;

/** A running JVM as /proc shows it, this one or another one. */
public final class Jvm {

    /** The numbers of some fields of proc_pid_stat(5). */
    private static final int STATE = 3;
    private static final int TERMINAL = 7;
    private static final int START_TIME = 22;
    private static final long MILLIS = 1000;
    /** USER_HZ is 100 on all processors of this library. */
    private static final long TICK = 10;

    private final long pid;
    private final String directory;
    private final boolean own;
    private final JavaOptions options;
    private final Path workingDirectory;
    private final long threads;

    private Jvm(long pid, String directory, boolean own) {
        this.pid = pid;
        this.directory = directory;
        this.own = own;
        workingDirectory = ProcFiles.target(directory + "cwd");
        threads = list("task").size();
        options = new JavaOptions(words("cmdline"), words("environ"));
    }

    /** {@return this JVM} */
    public static Jvm self() {
        return new Jvm(ProcessHandle.current().pid(), "/proc/self/", true);
    }

    /**
     * {@return another JVM}
     *
     * @throws CapsException ESRCH if there is no such process; EACCES if the caller may not read it; without an errno if it is
     *     no JVM, or if it has another root directory or mount namespace, where its paths mean something else
     */
    public static Jvm of(long pid) {
        String directory = "/proc/" + pid + "/";
        String maps = ProcFiles.read(directory + "maps")
                .orElseThrow(() -> Errno.ESRCH.exception("open(" + directory + "maps)", "there is no process " + pid));
        if (!maps.contains("/libjvm.so")) {
            throw Errno.NONE.exception("read(" + directory + "maps)", "process " + pid + " is no JVM: it does not use libjvm.so");
        }
        for (String place : List.of("ns/mnt", "root")) {
            if (!ProcFiles.link(directory + place).equals(ProcFiles.link("/proc/self/" + place))) {
                throw Errno.NONE.exception("readlink(" + directory + place + ")", "process " + pid + " sees other files than this"
                        + " process, for example in a container; run caps there");
            }
        }
        return new Jvm(pid, directory, false);
    }

    private List<String> words(String file) {
        List<String> words = new ArrayList<>();
        StringTokenizer each = new StringTokenizer(text(file), "\0");
        while (each.hasMoreTokens()) {
            words.add(each.nextToken());
        }
        return words;
    }

    /** {@return a file of the process in /proc, or an empty text if the process has ended} */
    String text(String file) {
        return ProcFiles.read(directory + file).orElse("");
    }

    /** {@return the names in a directory of the process in /proc} */
    List<String> list(String name) {
        return ProcFiles.list(directory + name);
    }

    /** {@return the target of a link of the process in /proc, or an empty text if the link is gone} */
    String link(String name) {
        return ProcFiles.link(directory + name);
    }

    /** {@return a file of the process in /proc} */
    Path file(String name) {
        return Path.of(directory + name);
    }

    /** {@return whether it is this JVM} */
    boolean isOwn() {
        return own;
    }

    long pid() {
        return pid;
    }

    /** {@return the effective uid of the main thread} */
    long uid() {
        return Proc.process(pid).uids().effective();
    }

    /** {@return the number of threads when this was created} */
    long threads() {
        return threads;
    }

    /** {@return when the process started, to 0.01 s} ProcessHandle knows it to a second. */
    FileTime start() {
        String uptime = ProcFiles.read("/proc/uptime").orElse("0").split(" ", 2)[0];
        long age = Math.round(Double.parseDouble(uptime) * MILLIS) - stat(START_TIME) * TICK;
        return FileTime.from(Instant.now().minusMillis(age));
    }

    /** {@return whether it has a controlling terminal} */
    boolean hasTerminal() {
        return stat(TERMINAL) != 0;
    }

    /** {@return a number in proc_pid_stat(5), or 0 if the process has ended} */
    private long stat(int field) {
        String stat = text("stat");
        StringTokenizer words = new StringTokenizer(stat.substring(stat.lastIndexOf(')') + 1));
        String word = "0";
        for (int i = STATE; i <= field && words.hasMoreTokens(); i++) {
            word = words.nextToken();
        }
        return Long.parseLong(word);
    }

    /** {@return the options of the launcher and the environment} */
    JavaOptions options() {
        return options;
    }

    /** {@return the path that a text means in the JVM} */
    Path path(String text) {
        return workingDirectory.resolve(text).normalize();
    }

    /** {@return the directory of the JDK} */
    Path home() {
        return own ? Path.of(System.getProperty("java.home"))
                : ProcFiles.target(directory + "exe").resolve("../..").normalize();
    }

    /** {@return the directory for temporary files} */
    Path temporary() {
        String asked = own ? System.getProperty("java.io.tmpdir") : options.value("-Djava.io.tmpdir=");
        return path(asked == null ? "/tmp" : asked);
    }
}
