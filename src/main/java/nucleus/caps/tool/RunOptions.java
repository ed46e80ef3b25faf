package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.Iab;
import nucleus.caps.Identity;
import nucleus.caps.Options;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;

/**
 * The options and the command of {@code caps run}.
 *
 * @param line the words
 * @param identity the ids of the command, or empty for the effective ids of this thread without groups
 * @param bounding its bounding set without {@code --iab}
 * @param inheritable its inheritable set without {@code --iab}
 * @param ambient its ambient set without {@code --iab}
 * @param iab the value of {@code --iab}
 * @param secureBits its securebits, or empty for the present ones
 * @param settings what else it inherits
 */
record RunOptions(CommandLine line, Optional<Identity> identity, CapabilitySet bounding, CapabilitySet inheritable,
                  CapabilitySet ambient, Optional<Iab> iab, Optional<SecureBits> secureBits, ProcessSettings settings) {

    private static final String UNPRIVILEGED = "--unprivileged";
    private static final String NO_NEW_PRIVS = "--no-new-privs";
    private static final String ALLOW_NEW_PRIVS = "--allow-new-privs";
    private static final String NO_NAMESPACES = "--no-namespaces";
    private static final String RESET_ENV = "--reset-env";
    private static final String WAIT = "--wait";
    private static final List<String> OF_SETS = List.of("--keep", "--ambient", "--inheritable");

    static final CommandLine.Accepted ACCEPTED = new CommandLine.Accepted("run",
            Set.of("--uid", "--gid", "--groups", "--keep", "--ambient", "--inheritable", "--iab", "--secure-bits", "--umask",
                    "--chdir", "--pdeathsig"),
            Set.of(NO_NEW_PRIVS, ALLOW_NEW_PRIVS, NO_NAMESPACES, UNPRIVILEGED, "--init-groups", "--clear-groups", "--keep-groups",
                    RESET_ENV, "--new-session", WAIT),
            Map.of("--reuid", "--uid", "--regid", "--gid", "--bounding-set", "--keep", "--ambient-caps", "--ambient",
                    "--inh-caps", "--inheritable", "--securebits", "--secure-bits", "--nnp", NO_NEW_PRIVS));

    static RunOptions parse(List<String> words) {
        CommandLine line = ACCEPTED.parse(words);
        line.exclude(NO_NEW_PRIVS, ALLOW_NEW_PRIVS);
        line.exclude(UNPRIVILEGED, ALLOW_NEW_PRIVS);
        line.exclude(NO_NAMESPACES, ALLOW_NEW_PRIVS);
        for (String option : OF_SETS) {
            line.exclude("--iab", option);
            line.exclude(UNPRIVILEGED, option);
        }
        line.exclude(UNPRIVILEGED, "--iab");
        line.exclude(WAIT, UNPRIVILEGED);
        line.exclude(WAIT, "--pdeathsig");
        if (line.operands().isEmpty()) {
            throw new UsageException("run needs a command");
        }
        CapabilitySet ambient = CapabilityOptions.set(line, "--ambient");
        CapabilitySet inheritable = CapabilityOptions.set(line, "--inheritable").union(ambient);
        return new RunOptions(line, IdentityOptions.ofRun(line), CapabilityOptions.set(line, "--keep").union(ambient),
                inheritable, ambient, line.value("--iab").map(CapabilityOptions::iab),
                line.value("--secure-bits").map(CapabilityOptions::secureBits), ProcessSettings.of(line));
    }

    /** {@return whether this JVM stays, and waits for the command} */
    boolean waits() {
        return line.has(WAIT);
    }

    boolean isUnprivileged() {
        return line.has(UNPRIVILEGED);
    }

    boolean allowsNewPrivileges() {
        return line.has(ALLOW_NEW_PRIVS);
    }

    boolean deniesNamespaces() {
        return line.has(NO_NAMESPACES);
    }

    List<String> command() {
        return line.operands();
    }

    /** {@return the ids of the command} */
    Identity identityOr(ThreadStatus self) {
        return identity.orElseGet(() -> Identity.of(self.uids().effective(), self.gids().effective()));
    }

    /** Warns if the command is not root and holds capabilities that amount to root. */
    void warn(PrintWriter err, ThreadStatus self) {
        if (identityOr(self).uid() != 0) {
            CapabilityOptions.warn(err, sets(self).ambient());
        }
    }

    /** {@return the options of the phases} */
    Options with(Options options) {
        Options bits = secureBits.map(options::withSecureBits).orElse(options);
        Options privileges = allowsNewPrivileges() ? bits : bits.withNoNewPrivs();
        return deniesNamespaces() ? privileges.denyNamespaces() : privileges;
    }

    /**
     * {@return the sets before the command begins} execve(2) gives uid 0 what is in bounding and inheritable, but under
     * no_new_privs only what is permitted before.
     *
     * @param self the present state
     */
    CapabilitySets sets(ThreadStatus self) {
        CapabilitySets named = iab.map(tuple -> tuple.appliedTo(self.sets())).orElse(new CapabilitySets(bounding,
                CapabilitySet.NONE, CapabilitySet.NONE, inheritable, ambient));
        CapabilitySet roots = named.bounding().union(named.inheritable()).intersect(self.sets().permitted());
        CapabilitySet held = identityOr(self).uid() == 0 ? named.ambient().union(roots) : named.ambient();
        return new CapabilitySets(named.bounding(), held, held, named.inheritable(), named.ambient());
    }

    /** {@return the environment of the command with {@code --reset-env}, or empty for that of this process} */
    Optional<Map<String, String>> environment(long uid) {
        if (!line.has(RESET_ENV)) {
            return Optional.empty();
        }
        Map<String, String> environment = new TreeMap<>(Caps.environmentOf(uid));
        Optional.ofNullable(System.getenv("TERM")).ifPresent(terminal -> environment.put("TERM", terminal));
        return Optional.of(environment);
    }
}
