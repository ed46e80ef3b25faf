package nucleus.caps.internal.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.ChangeLock;
import nucleus.caps.internal.sys.Errno;

/**
 * Starts a child that runs an image before its program. The image closes inherited descriptors, opens the two pipes,
 * receives the kept descriptors, resets all signals, gives the child the pipes that are its standard streams, and makes the
 * changes of the plan. It then reports what it holds, waits until it is verified, and executes the program.
 */
final class Launch {

    private static final int FIRST = 3;

    /** EACCES in messages of the JDK: {@code error=13, } in older releases, {@code error: 13 (} in newer ones. */
    private static final Pattern DENIED = Pattern.compile("\\berror[=:] ?" + Errno.EACCES.number() + "\\b");

    /** The program by which the JDK starts others. */
    private static final Path HELPER = Path.of(System.getProperty("java.home"), "lib", "jspawnhelper");

    private final String osArch = System.getProperty("os.arch");
    private final Instructions calls = new Instructions(osArch);
    private final SocketCalls sockets = new SocketCalls(osArch);
    private final ChildImage image = ChildImage.of(osArch);
    private final ProcessBuilder builder;
    private final ChildPlan plan;
    private final ChildTable table;
    private final Set<Integer> kept;

    private Launch(ProcessBuilder builder, ChildPlan plan, Set<Integer> kept) {
        this.builder = builder;
        this.plan = plan;
        this.kept = kept;
        table = new ChildTable(sockets, kept);
    }

    /**
     * Starts the child, and returns when its program runs.
     *
     * @param builder the settings and the command of the program; it is not changed
     * @param plan the changes of the child
     * @param candidates the candidate files; the child executes the first that it can find
     * @param kept the descriptors that the program gets besides 0, 1 and 2
     * @throws IOException as {@link ProcessBuilder#start}
     * @throws CapsException if the kernel refuses a call of the child, or if the child differs from its plan; the child has
     *     then ended
     */
    static Process start(ProcessBuilder builder, ChildPlan plan, List<Candidate> candidates, Set<Integer> kept)
            throws IOException {
        Launch launch = new Launch(builder, plan, kept);
        if (!plan.startsWeaker()) {
            return launch.start(candidates);
        }
        synchronized (ChangeLock.LOCK) { // a thread without capabilities helps, and a drop must not meet it
            return launch.start(candidates);
        }
    }

    private Process start(List<Candidate> candidates) throws IOException {
        try (Handover handover = new Handover(kept); Pipes ends = new Pipes(); Doorway doorway = Doorway.of(plan)) {
            List<Instruction> list = new ArrayList<>();
            Elf.Ports ports = open(doorway.descriptors(), ends, list);
            list.add(calls.name(ChildStatus.IMAGE));
            list.addAll(handover.around(Elf.REPORT, sockets, table));
            SelfReport self = plan.questions(ports.up());
            change(self, candidates, list);
            Process process = started(doorway.descriptors(),
                    Descriptors.program("nucleus.caps", Elf.of(image, ports, list, self.memory())));
            new ChildProtocol(process, ends, handover, list, ChildProtocol.PATIENCE).hold(plan, self);
            return process;
        }
    }

    private Elf.Ports open(String descriptors, Pipes ends, List<Instruction> list) {
        if (Descriptors.closeRangeIsKnown()) { // otherwise the JDK alone closes them
            list.add(calls.closeFrom(FIRST));
        }
        int up = table.nextOwn();
        list.addAll(table.own(calls.open(descriptors + ends.childsUp(), Instructions.O_WRONLY, table.next())));
        int down = table.nextOwn();
        list.addAll(table.own(calls.open(descriptors + ends.childsDown(), Instructions.O_RDONLY, table.next())));
        return new Elf.Ports(up, down);
    }

    private void change(SelfReport self, List<Candidate> candidates, List<Instruction> list) {
        list.addAll(calls.defaultSignals());
        list.add(calls.unblockSignals());
        pipes().forEach(pipe -> list.add(plan.giveAway(calls, pipe)));
        list.addAll(plan.instructions(calls));
        list.addAll(self.instructions(calls));
        list.add(Elf.REPORT);
        candidates.forEach(candidate -> list.addAll(candidate.instructions(calls)));
    }

    /** The standard descriptors of the child that are pipes to this process. */
    private List<Integer> pipes() {
        List<ProcessBuilder.Redirect> redirects = new ArrayList<>(List.of(builder.redirectInput(), builder.redirectOutput()));
        if (!builder.redirectErrorStream()) {
            redirects.add(builder.redirectError());
        }
        return IntStream.range(0, redirects.size())
                .filter(i -> redirects.get(i).equals(ProcessBuilder.Redirect.PIPE)).boxed().toList();
    }

    private Process started(String descriptors, int program) throws IOException {
        String name = descriptors + program;
        try {
            return copy(builder, name).start();
        } catch (IOException e) {
            String said = String.valueOf(e.getMessage());
            if (isOfExecve(said)) {
                throw Errno.EACCES.exception("execve(" + name + ")", "a launch starts with a program in memory, and the"
                        + " child may not execute that: a security module or a seccomp filter forbids it, or the real, effective"
                        + " and saved ids of this thread differ");
            }
            throw new IOException(said.replace(name, builder.command().getFirst()), e);
        } finally {
            Descriptors.close(program);
        }
    }

    /** The JDK reports any failure between its fork and the execve of the image in nearly the same words. */
    private boolean isOfExecve(String said) {
        return DENIED.matcher(said).find() && !said.contains("posix_spawn")
                && (builder.directory() == null || builder.directory().canExecute())
                && (!Files.exists(HELPER) || Files.isExecutable(HELPER));
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
