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
                   caps run [--uid N --gid N | --uid NAME [--gid N]] [--groups LIST]
                            [--keep LIST] [--ambient LIST] [--iab TEXT] [--secure-bits LIST]
                            [--no-new-privs | --allow-new-privs] -- COMMAND [ARGUMENT...]
                   caps ps [--tree] [--all]
                   caps file get [-r] [-n] PATH...
                   caps file set [-n UID] TEXT PATH...
                   caps file remove PATH...
                   caps decode MASK...
                   caps explain [NAME | NUMBER | WORD]...

            show  prints the capability sets, no_new_privs and the ids of a process; without PID those of its own
                  main thread, and the securebits, which only a thread itself can tell
            threads  prints the same of every thread, those that hold the same as one, and marks what differs
            drop  gives up root: bounding set, then groups, gid and uid, then the rest and no_new_privs; prints the
                  state before and after each phase, read back from the kernel
            run   starts a command that holds what is named here and nothing else, and ends as it does; without --uid
                  it is the same user, without supplementary groups

              --uid N|NAME   whom to become; a NAME brings gid and groups with it, a number has no groups
              --gid N        the group
              --groups LIST  exactly those supplementary groups, as in 4,27, or none
              --keep LIST    capabilities to keep, as in net_bind_service,chown; of run in the bounding set, which is
                             what uid 0 holds
              --ambient LIST what the command holds, whoever it is
              --iab TEXT     both in libcap's text, as in !cap_sys_admin,^cap_chown: the bounding set of the caller less
                             what is dropped from it
              --no-new-privs, --allow-new-privs  whether set-user-ID programs may give it more; no unless allowed
              --stay-root    allows an end with uid, gid or group 0, which is root even without capabilities
              --unprivileged  where there is no CAP_SETPCAP: empties all but the bounding set and sets no_new_privs,
                             by which no program gains what it would allow
              --secure-bits LIST  the securebits at the end, as in noroot,noroot_locked or 0xef
              --scope WHICH  process, every thread of the JVM, unless thread is said: the main thread alone

            ps  lists every process that holds capabilities, and its threads that hold others; those of the kernel
                are only counted, unless --all is said
              --tree         below their parents

            file  gets, sets and removes the capabilities of regular files, and follows no symbolic link; TEXT is
                  libcap's, as in cap_net_bind_service=ep
              -r             goes through directories
              -n [UID]       shows, or sets, whose user namespaces they are good for

            decode  names the capabilities of a mask, as in 00000000a80425fb
            explain  says what a capability allows and can be turned into; with a WORD, as in chown or port, of every
                     capability that has to do with it

            caps -v COMMAND...  shows on standard error what the library logs; of the program alone, since a JVM that runs
                  this as a tool has a log of its own

            exit code: 0 all is done and verified, 1 refused, 2 bad usage; of run that of the command, 128 and the
            number of the signal that ended it, 125 refused, 126 not executable, 127 not found
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
            return run(out, err, Arrays.asList(args));
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

    /** {@return the exit code} */
    private static int run(PrintWriter out, PrintWriter err, List<String> words) {
        if (words.isEmpty()) {
            throw new UsageException("what is to be done? show, threads, drop, run, ps, file, decode or explain");
        }
        int end = words.contains("--") ? words.indexOf("--") : words.size(); // behind it a command has options of its own
        if (words.subList(0, end).contains("--help") || words.getFirst().equals("help")) {
            out.print(HELP);
            return OK;
        }
        List<String> rest = words.subList(1, words.size());
        switch (words.getFirst()) {
            case "show" -> ShowCommand.run(out, rest);
            case "threads" -> ShowCommand.threads(out, rest);
            case "drop" -> DropCommand.run(out, rest);
            case "run" -> {
                return RunCommand.run(err, rest);
            }
            case "ps" -> PsCommand.run(out, rest);
            case "file" -> {
                return FileCommand.run(out, err, rest) ? OK : REFUSED;
            }
            case "decode" -> ExplainCommand.decode(out, rest);
            case "explain" -> {
                return ExplainCommand.run(out, err, rest) ? OK : REFUSED;
            }
            default -> throw new UsageException("there is no command \"" + Line.shown(words.getFirst()) + "\"");
        }
        return OK;
    }
}
