package nucleus.caps.tool;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Identity;
import nucleus.caps.Options;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.text.Quoted;

/**
 * The options of {@code caps drop}.
 *
 * @param scope the threads to change
 * @param identity the new ids, or empty to keep the present ones
 * @param keep the capabilities to keep
 * @param secureBits the securebits at the end, or empty to keep the present ones
 * @param unprivileged whether to leave the bounding set as it is, which needs no CAP_SETPCAP
 * @param noNamespaces whether to refuse new namespaces at the end
 * @param noExec whether to refuse the execution of programs at the end
 */
record DropOptions(Scope scope, Optional<Identity> identity, CapabilitySet keep, Optional<SecureBits> secureBits,
                   boolean unprivileged, boolean noNamespaces, boolean noExec) {

    private static final String KEEP = "--keep";
    private static final String STAY_ROOT = "--stay-root";
    private static final String UNPRIVILEGED = "--unprivileged";
    private static final String NO_NAMESPACES = "--no-namespaces";
    private static final String NO_EXEC = "--no-exec";

    static final CommandLine.Accepted ACCEPTED = new CommandLine.Accepted("drop",
            Set.of("--uid", "--gid", KEEP, "--scope", "--secure-bits"), Set.of(STAY_ROOT, UNPRIVILEGED, NO_NAMESPACES, NO_EXEC),
            Map.of("--reuid", "--uid", "--regid", "--gid", "--securebits", "--secure-bits"));

    static DropOptions parse(List<String> words) {
        CommandLine line = ACCEPTED.parse(words);
        Scope scope = scope(line.value("--scope").orElse("process"));
        Optional<SecureBits> bits = line.value("--secure-bits").map(CapabilityOptions::secureBits);
        Optional<Identity> identity = IdentityOptions.ofDrop(line);
        CapabilitySet keep = CapabilityOptions.set(line, KEEP);
        if (!line.operands().isEmpty()) {
            throw new UsageException("drop has no option " + Quoted.of(line.operands().getFirst()));
        }
        if (line.has(UNPRIVILEGED)) {
            line.exclude(UNPRIVILEGED, KEEP);
            line.exclude(UNPRIVILEGED, STAY_ROOT);
            return new DropOptions(scope, identity, CapabilitySet.NONE, bits, true, line.has(NO_NAMESPACES), line.has(NO_EXEC));
        }
        if (identity.map(Identity::isRoot).orElse(true) && !line.has(STAY_ROOT)) {
            throw new UsageException(identity.map(id -> id + " is still root").orElse("without --uid it stays root")
                    + ", even with no capability left; if you want that, say " + STAY_ROOT);
        }
        return new DropOptions(scope, identity, keep, bits, false, line.has(NO_NAMESPACES), line.has(NO_EXEC));
    }

    /** {@return the options of the phases} */
    Options with(Options options) {
        Options bits = secureBits.map(options::withSecureBits).orElse(options);
        Options namespaces = noNamespaces ? bits.denyNamespaces() : bits;
        return noExec ? namespaces.denyExec() : namespaces;
    }

    private static Scope scope(String word) {
        return switch (word) {
            case "thread" -> Scope.THREAD;
            case "process" -> Scope.PROCESS;
            default -> throw new UsageException("--scope is thread or process, not " + Quoted.of(word));
        };
    }
}
