package nucleus.caps.tool;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code caps drop}.
 *
 * @param scope the threads to change
 * @param identity the new ids, or empty to keep the present ones
 * @param keep the capabilities to keep
 * @param secureBits the securebits at the end, or empty to keep the present ones
 * @param unprivileged whether to make only changes that need no privileges
 */
record DropOptions(Scope scope, Optional<Identity> identity, CapabilitySet keep, Optional<SecureBits> secureBits,
                   boolean unprivileged) {

    private static final Set<String> WITH_VALUE = Set.of("--uid", "--gid", "--keep", "--scope", "--secure-bits");
    private static final String STAY_ROOT = "--stay-root";
    private static final String UNPRIVILEGED = "--unprivileged";
    private static final Set<String> WITHOUT_VALUE = Set.of(STAY_ROOT, UNPRIVILEGED);
    private static final Set<String> PRIVILEGED = Set.of("--uid", "--gid", "--keep", STAY_ROOT);

    static DropOptions parse(List<String> words) {
        Map<String, String> options = new HashMap<>();
        for (Iterator<String> word = words.iterator(); word.hasNext();) {
            String name = word.next();
            if (!WITH_VALUE.contains(name) && !WITHOUT_VALUE.contains(name)) {
                throw new UsageException("drop has no option \"" + name + "\"");
            }
            if (WITH_VALUE.contains(name) && !word.hasNext()) {
                throw new UsageException(name + " needs a value");
            }
            if (options.put(name, WITHOUT_VALUE.contains(name) ? "" : word.next()) != null) {
                throw new UsageException(name + " is given twice");
            }
        }
        Scope scope = scope(options.getOrDefault("--scope", "process"));
        Optional<SecureBits> bits = Optional.ofNullable(options.get("--secure-bits")).map(DropOptions::secureBits);
        if (options.containsKey(UNPRIVILEGED)) {
            PRIVILEGED.stream().filter(options::containsKey).sorted().findFirst().ifPresent(other -> {
                throw new UsageException(other + " needs privileges, and " + UNPRIVILEGED + " does without");
            });
            return new DropOptions(scope, Optional.empty(), CapabilitySet.NONE, bits, true);
        }
        Optional<Identity> identity = identity(options.get("--uid"), options.get("--gid"));
        if (identity.map(Identity::isRoot).orElse(true) && !options.containsKey(STAY_ROOT)) {
            throw new UsageException(identity.map(id -> id + " is still root").orElse("without --uid it stays root")
                    + ", even with no capability left; if that is meant, say " + STAY_ROOT);
        }
        return new DropOptions(scope, identity, set("--keep", options.getOrDefault("--keep", "none")), bits, false);
    }

    static Optional<Identity> identity(@Nullable String user, @Nullable String group) {
        if (user == null && group != null) {
            throw new UsageException("--gid needs --uid");
        }
        if (user == null) {
            return Optional.empty();
        }
        if (!isNumber(user)) {
            Identity known = Caps.identityOf(user);
            return Optional.of(group == null ? known : new Identity(known.uid(), id("--gid", group), known.groups()));
        }
        if (group == null) {
            throw new UsageException("--uid " + user + " needs --gid; only a NAME brings its own");
        }
        return Optional.of(Identity.of(id("--uid", user), id("--gid", group)));
    }

    static long id(String option, String word) {
        if (!isNumber(word) || Long.parseLong(word) > Identity.MAX_ID) {
            throw new UsageException(option + " is within 0 to " + Identity.MAX_ID + ", not \"" + word + "\"");
        }
        return Long.parseLong(word);
    }

    private static boolean isNumber(String word) {
        return word.matches("[0-9]{1,18}");
    }

    static SecureBits secureBits(String list) {
        try {
            SecureBits bits = SecureBits.parse(list);
            if (bits.contains(SecureBit.KEEP_CAPS)) {
                throw new UsageException("--secure-bits: keep_caps is never left on");
            }
            return bits;
        } catch (IllegalArgumentException e) {
            throw new UsageException("--secure-bits: " + e.getMessage());
        }
    }

    static CapabilitySet set(String option, String list) {
        try {
            return CapabilitySet.parse(list);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage());
        }
    }

    private static Scope scope(String word) {
        return switch (word) {
            case "thread" -> Scope.THREAD;
            case "process" -> Scope.PROCESS;
            default -> throw new UsageException("--scope is thread or process, not \"" + word + "\"");
        };
    }
}
