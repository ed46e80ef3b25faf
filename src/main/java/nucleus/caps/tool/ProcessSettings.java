package nucleus.caps.tool;

import java.util.List;
import java.util.Optional;
import nucleus.caps.internal.sys.ProcessCalls;
import nucleus.caps.internal.text.Quoted;

/**
 * What a command inherits besides its credentials, as options of {@code caps run}.
 *
 * @param umask the file mode creation mask
 * @param directory the working directory
 * @param newSession whether the command leads a session without a terminal
 * @param deathSignal the number of the signal that the command gets when its parent ends, prctl(2)
 */
record ProcessSettings(Optional<Integer> umask, Optional<String> directory, boolean newSession,
                       Optional<Integer> deathSignal) {

    private static final String DEATH_SIGNAL = "--pdeathsig";
    /** The signals from 1 to 31, signal(7). */
    private static final List<String> SIGNALS = List.of("HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL",
            "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
            "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

    static ProcessSettings of(CommandLine line) {
        return new ProcessSettings(line.value("--umask").map(ProcessSettings::umask), line.value("--chdir"),
                line.has("--new-session"), line.value(DEATH_SIGNAL).flatMap(ProcessSettings::signal));
    }

    private static int umask(String word) {
        if (!word.matches("[0-7]{1,4}") || Integer.parseInt(word, 8) > 0777) {
            throw new UsageException("--umask is octal, from 0 to 0777, not " + Quoted.of(word));
        }
        return Integer.parseInt(word, 8);
    }

    /** As setpriv(1): keep needs nothing, because exec hands the signal on; clear is 0. */
    private static Optional<Integer> signal(String word) {
        if (word.equals("keep")) {
            return Optional.empty();
        }
        String name = word.startsWith("SIG") ? word.substring(3) : word;
        int number = word.equals("clear") ? 0 : SIGNALS.indexOf(name) + 1;
        if (number == 0 && !word.equals("clear")) {
            throw new UsageException(DEATH_SIGNAL + " is keep, clear or a signal such as KILL, not " + Quoted.of(word));
        }
        return Optional.of(number);
    }

    /** Makes the changes that need no particular identity. */
    void applyBefore() {
        umask.ifPresent(ProcessCalls::umask);
        if (newSession) {
            ProcessCalls.newSession();
        }
    }

    /** Makes the changes that the new identity must be allowed to make, and that a change of the uid would undo. */
    void applyAfter() {
        deathSignal.ifPresent(ProcessCalls::deathSignal);
        directory.ifPresent(ProcessCalls::enter);
    }
}
