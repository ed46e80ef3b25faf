package nucleus.caps.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.ThreadStatus;

/** The options {@code --uid}, {@code --gid} and {@code --groups}, and those of setpriv(1) that say the same. */
final class IdentityOptions {

    private IdentityOptions() {
    }

    /** {@return the user and group of {@code caps drop}; a NAME brings its groups} */
    static Optional<Identity> ofDrop(CommandLine line) {
        if (!line.has("--uid") && line.has("--gid")) {
            throw new UsageException("--gid needs --uid");
        }
        return user(line);
    }

    /** {@return the user, group and groups of {@code caps run}; what is not named is that of this thread, without groups} */
    static Optional<Identity> ofRun(CommandLine line) {
        line.exclude("--clear-groups", "--groups");
        line.exclude("--keep-groups", "--groups");
        line.exclude("--keep-groups", "--clear-groups");
        for (String other : List.of("--groups", "--clear-groups", "--keep-groups")) {
            line.exclude("--init-groups", other);
        }
        Optional<Identity> named = user(line);
        if (named.isEmpty() && line.options().keySet().stream().noneMatch(List.of("--gid", "--groups", "--keep-groups",
                "--clear-groups", "--init-groups")::contains)) {
            return named;
        }
        ThreadStatus self = Caps.thread();
        Identity base = named.orElseGet(() -> Identity.of(self.uids().effective(), line.value("--gid")
                .map(word -> group("--gid", word)).orElse(self.gids().effective())));
        return Optional.of(new Identity(base.uid(), base.gid(), groups(line, base, self)));
    }

    private static List<Long> groups(CommandLine line, Identity base, ThreadStatus self) {
        if (line.has("--keep-groups")) {
            return self.groups();
        }
        if (line.has("--clear-groups")) {
            return List.of();
        }
        if (line.has("--init-groups")) {
            String name = Caps.userName(base.uid())
                    .orElseThrow(() -> new UsageException("--init-groups: no user has the uid " + base.uid()));
            return Caps.identityOf(name).groups();
        }
        return line.value("--groups").map(IdentityOptions::groups).orElse(base.groups());
    }

    private static List<Long> groups(String list) {
        List<Long> groups = new ArrayList<>();
        if (!list.equals("none")) {
            for (String word : list.split(",", -1)) {
                groups.add(group("--groups", word));
            }
        }
        return groups;
    }

    private static Optional<Identity> user(CommandLine line) {
        String user = line.get("--uid");
        String group = line.get("--gid");
        if (user == null) {
            return Optional.empty();
        }
        if (!isNumber(user)) {
            Identity known = named(user);
            return Optional.of(group == null ? known : new Identity(known.uid(), group("--gid", group), known.groups()));
        }
        long uid = Line.number("--uid", user, 0, Identity.MAX_ID);
        if (group == null) {
            throw new UsageException("--uid " + user + " needs --gid; only a NAME brings its own");
        }
        return Optional.of(Identity.of(uid, group("--gid", group)));
    }

    private static Identity named(String user) {
        try {
            return Caps.identityOf(user);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--uid: " + Line.message(e));
        }
    }

    /** {@return the gid that a word is or names} */
    private static long group(String option, String word) {
        try {
            return isNumber(word) ? Line.number(option, word, 0, Identity.MAX_ID) : Caps.gidOf(word);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + Line.message(e));
        }
    }

    private static boolean isNumber(String word) {
        return word.matches("[0-9]+|0x[0-9a-fA-F]+");
    }
}
