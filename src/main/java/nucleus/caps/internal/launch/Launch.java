package nucleus.caps.internal.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import nucleus.caps.CapsException;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.sys.Errno;

/**
 * Starts a child that runs an image before its program. The image closes inherited descriptors, opens the two pipes, resets
 * all signals, and makes the changes of the plan. It then reports, waits until it is verified, and executes the program.
 */
public final class Launch {

    /** The descriptors of the child's pipe ends in the child. The machine code contains these numbers. */
    private static final int UP = 3;
    private static final int DOWN = 4;

    /** EACCES in messages of the JDK: {@code error=13, } in older releases, {@code error: 13 (} in newer ones. */
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
     * Starts the child, and returns when its program runs.
     *
     * @param builder the settings and the command of the program; it is not changed
     * @param plan the changes of the child
     * @param candidates the candidate files; the child executes the first that it can find
     * @throws IOException as {@link ProcessBuilder#start}
     * @throws CapsException if the kernel refuses a call of the child, or if the child differs from its plan; the child has
     *     then ended
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
        if (Descriptors.closeRangeIsKnown()) { // otherwise the JDK alone closes them
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

    /** Copies only changed variables. The others are passed on unchanged, even if their bytes are no valid text. */
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
