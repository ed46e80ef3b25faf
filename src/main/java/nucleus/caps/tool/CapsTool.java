package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import nucleus.caps.CapsException;

/** The {@code caps} command as a tool. Its exit code is 0 for done and verified, 1 for refused, 2 for bad usage. */
public final class CapsTool implements ToolProvider {

    private static final int OK = 0;
    private static final int REFUSED = 1;
    private static final int BAD_USAGE = 2;

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
            int status = run(out, err, Arrays.asList(args));
            if (status == OK && out.checkError()) {
                err.println("caps: the output could not be written");
                return REFUSED;
            }
            return status;
        } catch (UsageException e) {
            err.println("caps: " + e.getMessage() + " (caps --help)");
            return BAD_USAGE;
        } catch (CapsException e) {
            err.println("caps: " + Line.refusal(e));
            return REFUSED;
        } catch (UnsupportedOperationException | IllegalCallerException | IllegalArgumentException e) {
            err.println("caps: " + Line.message(e));
            return REFUSED;
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** {@return the words without the command of {@code run} and its words} */
    private static List<String> ofCaps(List<String> words) {
        return words.getFirst().equals("run")
                ? words.subList(0, 1 + RunOptions.ACCEPTED.end(words.subList(1, words.size())))
                : words.subList(0, words.contains("--") ? words.indexOf("--") : words.size());
    }

    /** {@return the exit code} */
    private int run(PrintWriter out, PrintWriter err, List<String> words) {
        if (words.isEmpty()) {
            err.print(HelpText.brief(Manual.read()));
            return BAD_USAGE;
        }
        int help = ofCaps(words).indexOf("--help");
        if (help >= 0) {
            help(out, words.subList(0, help));
            return OK;
        }
        List<String> rest = words.subList(1, words.size());
        switch (words.getFirst()) {
            case "show" -> ShowCommand.run(out, rest);
            case "threads" -> ShowCommand.threads(out, rest);
            case "advise" -> AdviseCommand.run(out, rest);
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
            case "help" -> help(out, rest);
            case "completion" -> out.print(Completion.of(Manual.read(), rest));
            case "man" -> {
                if (!rest.isEmpty()) {
                    throw new UsageException("man takes no words");
                }
                out.print(ManPage.of(Manual.read()));
            }
            default -> throw Manual.read().unknown(words.getFirst());
        }
        return OK;
    }

    /** Explains the command that the words begin with, or without words lists the commands. */
    private static void help(PrintWriter out, List<String> words) {
        Manual manual = Manual.read();
        out.print(words.isEmpty() ? HelpText.brief(manual)
                : manual.about(words).stream().map(command -> HelpText.of(manual, command)).collect(Collectors.joining("\n")));
    }
}
