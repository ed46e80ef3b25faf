package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import nucleus.caps.CapsException;

/** The {@code caps} command as a tool: 0 where all is done and verified, 1 where it was refused, 2 on bad usage. */
public final class CapsTool implements ToolProvider {

    private static final int OK = 0;
    private static final int REFUSED = 1;
    private static final int BAD_USAGE = 2;

    private static final String HELP = """
            usage: caps show [PID]
                   caps threads [PID]
                   caps drop (--uid N --gid N | --uid NAME [--gid N] | --stay-root) [--keep LIST]
                             [--scope process|thread] [--secure-bits LIST]
                   caps drop --unprivileged [--scope process|thread] [--secure-bits LIST]

            show  prints the capability sets, no_new_privs and the ids of a process; without PID those of its own
                  main thread, and the securebits, which only a thread itself can tell
            threads  prints the same of every thread, those that hold the same as one, and marks what differs
            drop  gives up root: bounding set, then groups, gid and uid, then the rest and no_new_privs; prints the
                  state before and after each phase, read back from the kernel

              --uid N|NAME   whom to become; a NAME brings gid and groups with it, a number has no groups
              --gid N        the group
              --keep LIST    capabilities to keep, as in net_bind_service,chown
              --stay-root    allows an end with uid, gid or group 0, which is root even without capabilities
              --unprivileged  where there is no CAP_SETPCAP: empties all but the bounding set and sets no_new_privs,
                             by which no program gains what it would allow
              --secure-bits LIST  the securebits at the end, as in noroot,noroot_locked or 0xef
              --scope WHICH  process, every thread of the JVM, unless thread is said: the main thread alone

            exit code: 0 all is done and verified, 1 refused, 2 bad usage
            """;

    /** The command as {@link ToolProvider#findFirst} finds it. */
    public CapsTool() {
    }

    @Override
    public String name() {
        return "caps";
    }

    @Override
    public int run(PrintWriter out, PrintWriter err, String... args) {
        try {
            run(out, Arrays.asList(args));
            return OK;
        } catch (UsageException e) {
            err.println("caps: " + e.getMessage() + " (caps --help)");
            return BAD_USAGE;
        } catch (CapsException | UnsupportedOperationException | IllegalCallerException e) {
            err.println("caps: " + e.getMessage());
            return REFUSED;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static void run(PrintWriter out, List<String> words) {
        if (words.isEmpty()) {
            throw new UsageException("what is to be done? show, threads or drop");
        }
        if (words.contains("--help") || words.getFirst().equals("help")) {
            out.print(HELP);
            return;
        }
        List<String> rest = words.subList(1, words.size());
        switch (words.getFirst()) {
            case "show" -> ShowCommand.run(out, rest);
            case "threads" -> ShowCommand.threads(out, rest);
            case "drop" -> DropCommand.run(out, rest);
            default -> throw new UsageException("there is no command \"" + words.getFirst() + "\"");
        }
    }
}
