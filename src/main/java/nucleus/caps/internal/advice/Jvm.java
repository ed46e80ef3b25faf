package nucleus.caps.internal.advice;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;
import nucleus.caps.CapsException;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.proc.ProcFiles;
import nucleus.caps.internal.sys.Errno;
import org.jspecify.annotations.Nullable;

/** A running JVM as /proc shows it, this one or another one. */
public final class Jvm {

    /** The options of java(1) whose value is the next word. */
    private static final Set<String> WITH_VALUE = Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path",
            "--upgrade-module-path", "--add-modules", "--limit-modules", "--add-reads", "--add-exports", "--add-opens",
            "--patch-module", "--enable-native-access", "-m", "--module", "-jar");
    private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path", "-jar");
    private static final Set<String> MODULE_PATH = Set.of("-p", "--module-path");
    private static final Set<String> LAST = Set.of("-m", "--module", "-jar");

    /** The numbers of two fields of proc_pid_stat(5). */
    private static final int STATE = 3;
    private static final int START_TIME = 22;
    private static final long MILLIS = 1000;
    /** USER_HZ is 100 on all processors of this library. */
    private static final long TICK = 10;

    private static final int STANDARD_ERROR = 2;
    private static final String[] NOTHING = {};
    private static final String ALL_JARS = "/*";

    private final long pid;
    private final String directory;
    private final boolean own;
    private final List<String> options = new ArrayList<>();
    private final Path workingDirectory;
    private final long threads;

    private Jvm(long pid, String directory, boolean own) {
        this.pid = pid;
        this.directory = directory;
        this.own = own;
        workingDirectory = ProcFiles.target(directory + "cwd");
        threads = ProcFiles.list(directory + "task").size();
        for (String variable : words("environ")) {
            if (variable.startsWith("JAVA_TOOL_OPTIONS=") || variable.startsWith("JDK_JAVA_OPTIONS=")) {
                StringTokenizer words = new StringTokenizer(variable.substring(variable.indexOf('=') + 1));
                while (words.hasMoreTokens()) {
                    options.add(words.nextToken());
                }
            }
        }
        List<String> words = words("cmdline");
        for (int i = 1; i < words.size() && words.get(i).startsWith("-"); i++) { // the first word that is no option is a class
            options.add(words.get(i));
            if (WITH_VALUE.contains(words.get(i)) && i + 1 < words.size()) {
                options.add(words.get(i + 1));
                i += LAST.contains(words.get(i)) ? words.size() : 1;
            }
        }
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
        String stat = text("stat");
        StringTokenizer words = new StringTokenizer(stat.substring(stat.lastIndexOf(')') + 1));
        String ticks = "0";
        for (int field = STATE; field <= START_TIME && words.hasMoreTokens(); field++) {
            ticks = words.nextToken();
        }
        String uptime = ProcFiles.read("/proc/uptime").orElse("0").split(" ", 2)[0];
        long age = Math.round(Double.parseDouble(uptime) * MILLIS) - Long.parseLong(ticks) * TICK;
        return FileTime.from(Instant.now().minusMillis(age));
    }

    /** {@return the options of the launcher and the environment, and their values} Files of options are not read. */
    List<String> options() {
        return options;
    }

    /** {@return the value of the last option that begins so, or null} */
    @Nullable
    String option(String prefix) {
        String found = null;
        for (String option : options) {
            found = option.startsWith(prefix) ? option.substring(prefix.length()) : found;
        }
        return found;
    }

    /** {@return the word after the last of these options, or null} */
    private @Nullable String after(Set<String> names) {
        String found = null;
        for (int i = 0; i + 1 < options.size(); i++) {
            found = names.contains(options.get(i)) ? options.get(i + 1) : found;
        }
        return found;
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
        String asked = own ? System.getProperty("java.io.tmpdir") : option("-Djava.io.tmpdir=");
        return path(asked == null ? "/tmp" : asked);
    }

    /** {@return the files and directories of the class path and the module path} Those of another JVM are in its options. */
    List<Path> code() {
        List<Path> entries = new ArrayList<>();
        add(entries, own ? System.getProperty("java.class.path") : after(CLASS_PATH), false);
        add(entries, own ? System.getProperty("jdk.module.path") : after(MODULE_PATH), true);
        if (!own) {
            add(entries, option("--class-path="), false);
            add(entries, option("--module-path="), true);
        }
        return entries;
    }

    private void add(List<Path> entries, @Nullable String paths, boolean modules) {
        StringTokenizer each = new StringTokenizer(paths == null ? "" : paths, File.pathSeparator);
        while (each.hasMoreTokens()) {
            String entry = each.nextToken();
            boolean all = entry.endsWith(ALL_JARS);
            Path path = path(all ? entry.substring(0, entry.length() - ALL_JARS.length()) : entry);
            entries.add(path);
            String[] names = modules || all ? path.toFile().list() : null;
            for (String name : names == null ? NOTHING : names) {
                if (name.endsWith(".jar")) {
                    entries.add(path.resolve(name));
                }
            }
        }
    }

    /** {@return the files that are open for writing, without the standard streams and without deleted files} */
    List<Path> written() {
        List<Path> files = new ArrayList<>();
        for (String descriptor : ProcFiles.list(directory + "fd")) {
            String link = directory + "fd/" + descriptor;
            String file = ProcFiles.link(link);
            boolean named = file.startsWith("/") && !file.startsWith("/dev/") && !file.startsWith("/proc/");
            if (named && Integer.parseInt(descriptor) > STANDARD_ERROR && isWritten(link) && Files.isRegularFile(Path.of(file))) {
                files.add(Path.of(file));
            }
        }
        return files;
    }

    /** The kernel shows in the mode of the link how the file is open. */
    private static boolean isWritten(String link) {
        try {
            return Files.getPosixFilePermissions(Path.of(link), LinkOption.NOFOLLOW_LINKS)
                    .contains(PosixFilePermission.OWNER_WRITE);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
