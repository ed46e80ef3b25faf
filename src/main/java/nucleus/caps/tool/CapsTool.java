package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import nucleus.caps.CapsException;
import nucleus.caps.internal.text.Quoted;

/** The {@code caps} command as a tool. Its exit code is 0 for done and verified, 1 for refused, 2 for bad usage. */
public final class CapsTool implements ToolProvider {

    private static final int OK = 0;
    private static final int REFUSED = 1;
    private static final int BAD_USAGE = 2;

    private static final String HELP = """
            usage: caps show [--json] [PID]
                   caps threads [--json] [PID]
                   caps drop (--uid N --gid N | --uid NAME [--gid N] | --stay-root) [--keep LIST]
                             [--scope process|thread] [--secure-bits LIST]
                   caps drop --unprivileged [--scope process|thread] [--secure-bits LIST]
                   caps run [--uid N --gid N | --uid NAME [--gid N]] [--groups LIST]
                            [--keep LIST] [--ambient LIST] [--iab TEXT] [--secure-bits LIST]
                            [--no-new-privs | --allow-new-privs] -- COMMAND [ARGUMENT...]
                   caps ps [--tree | --json] [--all]
                   caps file get [-r] [-n] [--json] PATH...
                   caps file set [-n UID] TEXT PATH...
                   caps file remove PATH...
                   caps decode [--json] MASK | ATTRIBUTE...
                   caps explain [NAME | NUMBER | WORD]...

            show     prints the capability sets, no_new_privs and the ids of the main thread of a process; without PID,
                     of its own main thread, with the securebits, which only the thread itself can read
            threads  prints the same for every thread, groups threads with equal state, and marks differences
            drop     gives up root: bounding set, then groups, gid and uid, then the other sets and no_new_privs; prints
                     the state before and after each phase, read back from the kernel
            run      starts a command that holds what you name and nothing else, and ends with its exit code; without
                     --uid, the command runs as the same user, without supplementary groups

              --uid N|NAME       the user to become; a NAME includes its gid and groups, a number has no groups
              --gid N            the group
              --groups LIST      exactly these supplementary groups, for example 4,27, or none
              --keep LIST        capabilities to keep, for example net_bind_service,chown; run keeps them in the
                                 bounding set only, which is what uid 0 then holds
              --ambient LIST     capabilities that the command holds, whatever its uid is
              --iab TEXT         --keep and --ambient in libcap's format, for example !cap_sys_admin,^cap_chown; the
                                 bounding set is that of the caller without what TEXT drops
              --no-new-privs, --allow-new-privs
                                 forbid or allow gaining privileges through set-user-ID programs (default: forbid)
              --stay-root        allows the drop to end with uid, gid or group 0, which is root even without capabilities
              --unprivileged     works without CAP_SETPCAP: empties all sets but bounding and sets no_new_privs, so that
                                 no program gains what the bounding set would allow
              --secure-bits LIST the securebits at the end, for example noroot,noroot_locked or 0xef
              --scope WHICH      process: every thread of the JVM (default); thread: the main thread alone

            ps       lists every process that holds capabilities, and those of its threads that hold others; threads of
                     the kernel are only counted
              --tree             prints each process below its parent
              --all              lists the threads of the kernel too

            file     reads, sets and removes the capabilities of regular files; follows no symbolic link; TEXT is in
                     libcap's format, for example cap_net_bind_service=ep
              -r                 descends into directories
              -n [UID]           prints, or sets, the uid that is root in the user namespace where they apply

            decode   names the capabilities of a mask, for example 00000000a80425fb, or of a file's attribute as
                     getfattr -d -m security.capability prints it
            explain  says what a capability allows and what it can be turned into; with a WORD, for example chown or
                     port, explains every capability about that word

            --json   prints one JSON value; the documentation of the package nucleus.caps.tool describes it
            numbers  are decimal without leading zeros, or hexadecimal after 0x; a mask is always hexadecimal

            caps -v COMMAND...  also prints the library's log on standard error; only in the caps program, since a JVM
                                that calls this tool has its own log

            exit code: 0 done and verified, 1 refused, 2 bad usage; of run, the exit code of the command, 128 plus the
            number of the signal that ended it, 125 refused, 126 not executable, 127 not found
            """;

    private final boolean ownsProcess;

    /** For {@link ToolProvider#findFirst}. */
    public CapsTool() {
        this(false);
    }

    /** @param ownsProcess whether the JVM runs only this tool, and may become another program */
    CapsTool(boolean ownsProcess) {
        this.ownsProcess = ownsProcess;
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
        } catch (CapsException e) {
            err.println("caps: " + Line.refusal(e));
            return REFUSED;
        } catch (UnsupportedOperationException | IllegalCallerException e) {
            err.println("caps: " + Line.message(e));
            return REFUSED;
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** {@return the exit code} */
    private int run(PrintWriter out, PrintWriter err, List<String> words) {
        if (words.isEmpty()) {
            throw new UsageException("missing command: show, threads, drop, run, ps, file, decode or explain");
        }
        int end = words.contains("--") ? words.indexOf("--") : words.size(); // the options after it belong to COMMAND
        if (words.subList(0, end).contains("--help") || words.getFirst().equals("help")) {
            out.print(HELP);
            return OK;
        }
        List<String> rest = words.subList(1, words.size());
        switch (words.getFirst()) {
            case "show" -> ShowCommand.run(out, rest);
            case "threads" -> ShowCommand.threads(out, rest);
            case "drop" -> DropCommand.run(out, err, rest);
            case "run" -> {
                return RunCommand.run(err, rest, ownsProcess);
            }
            case "ps" -> PsCommand.run(out, rest);
            case "file" -> {
                return FileCommand.run(out, err, rest) ? OK : REFUSED;
            }
            case "decode" -> DecodeCommand.run(out, rest);
            case "explain" -> {
                return ExplainCommand.run(out, err, rest) ? OK : REFUSED;
            }
            default -> throw new UsageException("there is no command " + Quoted.of(words.getFirst()));
        }
        return OK;
    }
}
