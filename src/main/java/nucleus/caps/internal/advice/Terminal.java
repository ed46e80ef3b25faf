package nucleus.caps.internal.advice;

import java.util.List;
import java.util.StringTokenizer;
import nucleus.caps.Advice;
import nucleus.caps.internal.proc.ProcFiles;

/** A terminal that the user could type into, TIOCSTI of ioctl_tty(2). */
final class Terminal {

    private static final String SYSCTL = "/proc/sys/dev/tty/legacy_tiocsti";

    private Terminal() {
    }

    /** Linux before 6.2 has no such sysctl, and lets every process type into its own terminal. */
    static List<Advice> of(Jvm jvm) {
        boolean may = ProcFiles.read(SYSCTL).orElse("1").strip().equals("1");
        if (!may || !jvm.hasTerminal()) {
            return List.of();
        }
        return List.of(new Advice(Advice.Kind.TERMINAL, "the new user can type commands into the terminal, and the shell of the"
                + " old user runs them", "the JVM has a controlling terminal, and the kernel allows TIOCSTI",
                "start the JVM with setsid(1), or set the sysctl dev.tty.legacy_tiocsti to 0"));
    }
}
