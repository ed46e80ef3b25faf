package nucleus.caps.internal.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import nucleus.caps.CapsException;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.sys.Errno;

/**
 * Starts a child that runs an image before its program. The image closes what it inherited, opens the two pipes, takes
 * all signals to their defaults, becomes as planned, says so, waits until it has been looked at, and executes.
 */
public final class Launch {

    /** The descriptors of the child's ends, in the child; its image knows them. */
    private static final int UP = 3;
    private static final int DOWN = 4;

    /** As the JDK words it: up to some release {@code error=13, }, and since then {@code error: 13 (}. */
    private static final Pattern DENIED = Pattern.compile("\\berror[=:] ?" + Errno.EACCES.number() + "\\b");

    private final String osArch = System.getProperty("os.arch");
    private final Instructions calls = new Instructions(osArch);
    private final ChildImage image = ChildImage.of(osArch);
    private final String descriptors = Proc.descriptorsForOthers();
    private final ChildPlan plan;

    private Launch(ChildPlan plan) {
        this.plan = plan;
    }

    /**
     * Returns when the program runs.
     *
     * @param builder how the child is started; its command is that of the program, and it is not changed
     * @param plan what the child becomes
     * @param candidates the program: the first of these that is there for the child
     * @throws IOException as {@link ProcessBuilder#start}
     * @throws CapsException if a call was refused to the child, or if it was not as planned; it is gone then
     */
    public static Process start(ProcessBuilder builder, ChildPlan plan, List<String> candidates) throws IOException {
        return new Launch(plan).start(builder, candidates);
    }

    private Process start(ProcessBuilder builder, List<String> candidates) throws IOException {
        try (Pipes ends = new Pipes()) {
            List<Instruction> list = list(ends, candidates);
            Process process = started(builder, Descriptors.program("nucleus.caps", Elf.of(image, list)));
            new ChildProtocol(process, ends, list).hold(plan);
            return process;
        }
    }

    private List<Instruction> list(Pipes ends, List<String> candidates) {
        List<Instruction> list = new ArrayList<>();
        if (Descriptors.closeRangeIsKnown()) { // the JDK has closed them, too
            list.add(calls.closeFrom(UP));
        }
        list.add(calls.open(descriptors + ends.childsUp(), Instructions.O_WRONLY, UP));
        list.add(calls.open(descriptors + ends.childsDown(), Instructions.O_RDONLY, DOWN));
        list.addAll(calls.defaultSignals());
        list.add(calls.unblockSignals());
        list.addAll(plan.instructions(calls));
        list.add(Elf.REPORT);
        candidates.stream().map(calls::execute).forEach(list::add);
        return list;
    }

    private Process started(ProcessBuilder builder, int program) throws IOException {
        String name = descriptors + program;
        try {
            return copy(builder, name).start();
        } catch (IOException e) {
            String said = String.valueOf(e.getMessage());
            if (DENIED.matcher(said).find() && (builder.directory() == null || builder.directory().canExecute())) {
                throw Errno.EACCES.exception("execve(" + name + ")", "a launch starts with a program in memory, and a"
                        + " child may not execute that here: this process has changed its ids and is not dumpable,"
                        + " proc(5), or a security module forbids it");
            }
            throw new IOException(said.replace(name, builder.command().getFirst()), e);
        } finally {
            Descriptors.close(program);
        }
    }

    /** What was not changed in the environment is handed on as it is, even where it is no text. */
    private static ProcessBuilder copy(ProcessBuilder builder, String program) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(builder.command());
        ProcessBuilder copy = new ProcessBuilder(command).directory(builder.directory())
                .redirectInput(builder.redirectInput()).redirectOutput(builder.redirectOutput())
                .redirectError(builder.redirectError()).redirectErrorStream(builder.redirectErrorStream());
        copy.environment().keySet().retainAll(builder.environment().keySet());
        builder.environment().forEach((key, value) -> {
            if (!value.equals(copy.environment().get(key))) {
                copy.environment().put(key, value);
            }
        });
        return copy;
    }
}
