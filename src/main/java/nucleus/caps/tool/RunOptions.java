package nucleus.caps.tool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Iab;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import nucleus.caps.ThreadStatus;

/**
 * The options and the command of {@code caps run}.
 *
 * @param options the values by option name; an option without a value has an empty one
 * @param command the program and its arguments
 */
record RunOptions(Map<String, String> options, List<String> command) {

    private static final Set<String> WITH_VALUE =
            Set.of("--uid", "--gid", "--groups", "--keep", "--ambient", "--iab", "--secure-bits");
    private static final String NO_NEW_PRIVS = "--no-new-privs";
    private static final String ALLOW_NEW_PRIVS = "--allow-new-privs";
    private static final String IAB = "--iab";
    private static final String END = "--";
    /** The JVM puts this character in place of bytes that it cannot decode. The command would get other bytes. */
    private static final char UNDECODED = '\ufffd';

    static RunOptions parse(List<String> words) {
        int end = words.indexOf(END);
        if (end < 0 || end == words.size() - 1) {
            throw new UsageException("run needs a command, after --");
        }
        if (String.join(" ", words).indexOf(UNDECODED) >= 0) {
            throw new UsageException("a word is no text in the encoding of this JVM, "
                    + System.getProperty("sun.jnu.encoding") + ": LC_ALL=C.UTF-8 may help");
        }
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < end; i++) {
            String name = words.get(i);
            boolean valued = WITH_VALUE.contains(name);
            if (!valued && !name.equals(NO_NEW_PRIVS) && !name.equals(ALLOW_NEW_PRIVS)) {
                throw new UsageException("run has no option \"" + name + "\"");
            }
            if (valued && i + 1 == end) {
                throw new UsageException(name + " needs a value");
            }
            if (options.put(name, valued ? words.get(++i) : "") != null) {
                throw new UsageException(name + " is given twice");
            }
        }
        if (options.containsKey(NO_NEW_PRIVS) && options.containsKey(ALLOW_NEW_PRIVS)) {
            throw new UsageException(NO_NEW_PRIVS + " and " + ALLOW_NEW_PRIVS + " exclude one another");
        }
        if (options.containsKey(IAB) && (options.containsKey("--keep") || options.containsKey("--ambient"))) {
            throw new UsageException(IAB + " says what --keep and --ambient would");
        }
        return new RunOptions(Map.copyOf(options), List.copyOf(words.subList(end + 1, words.size())));
    }

    /** The launcher of the command. The command inherits standard input, output and error. */
    Launcher launcher() {
        Launcher launcher = handing(Launcher.of(new ProcessBuilder(command).inheritIO()));
        Optional<Identity> identity = identity();
        if (identity.isPresent()) {
            launcher = launcher.identity(identity.get());
        }
        if (options.containsKey("--secure-bits")) {
            launcher = launcher.secureBits(DropOptions.secureBits(options.get("--secure-bits")));
        }
        return options.containsKey(ALLOW_NEW_PRIVS) ? launcher.allowNewPrivileges() : launcher;
    }

    private Launcher handing(Launcher launcher) {
        if (options.containsKey(IAB)) {
            return launcher.iab(iab(options.get(IAB)));
        }
        CapabilitySet ambient = set("--ambient");
        return launcher.bounding(set("--keep").union(ambient)).inheritable(ambient).ambient(ambient);
    }

    private static Iab iab(String text) {
        try {
            return Iab.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(IAB + ": " + e.getMessage());
        }
    }

    private Optional<Identity> identity() {
        String user = options.get("--uid");
        String group = options.get("--gid");
        Optional<List<Long>> groups = Optional.ofNullable(options.get("--groups")).map(RunOptions::groups);
        Optional<Identity> named = DropOptions.identity(user, group);
        if (groups.isEmpty()) {
            return named;
        }
        ThreadStatus self = Caps.thread();
        Identity base = named.orElseGet(() -> Identity.of(self.uids().effective(), self.gids().effective()));
        return Optional.of(new Identity(base.uid(), base.gid(), groups.get()));
    }

    private static List<Long> groups(String list) {
        if (list.equals("none")) {
            return List.of();
        }
        List<Long> groups = new ArrayList<>();
        Arrays.stream(list.split(",", -1)).forEach(word -> groups.add(DropOptions.id("--groups", word)));
        return groups;
    }

    private CapabilitySet set(String option) {
        return DropOptions.set(option, options.getOrDefault(option, "none"));
    }
}
