package soak;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.Answer;
import nucleus.caps.internal.threads.Outcome;
import nucleus.caps.internal.threads.Program;

/** The main class of the child JVM: does one round for each line it is sent, while the others work or wait. */
final class SoakChild {

    static final String READY = "READY";
    static final String ROUND = "ROUND";
    static final String GROWN = "GROWN";
    static final String DONE = "DONE";

    static final String ANOTHER_ROUND = "round";
    static final String GROW = "grow ";
    static final String DISTURB = "disturb";
    static final String END = "end";

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int VERSION_3 = 0x2008_0522;
    private static final Path SELF = Path.of("/proc/thread-self");

    private final AllThreads all = AllThreads.prepare();
    private final Mask mask;
    private final long effective;
    private final long permitted;
    private int rounds;

    private SoakChild() throws Exception {
        String status = Files.readString(SELF.resolve("status"));
        mask = Mask.of(SELF);
        effective = Mask.line(status, Mask.EFFECTIVE);
        permitted = Mask.line(status, Mask.PERMITTED);
    }

    public static void main(String[] args) throws Exception {
        SoakChild child = new SoakChild();
        List<Blocked> blocked = new ArrayList<>(BlockedWaits.start());
        blocked.addAll(BlockedIo.start());
        List<Timed> timed = Timed.start();
        Load.start();
        System.out.println(READY);
        child.obey(blocked);
        for (Blocked call : blocked) {
            call.release();
        }
        Timed.end(timed);
        Diary.tell();
        System.out.println(DONE);
        System.exit(0); // some threads do not end
    }

    private void obey(List<Blocked> blocked) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String command; (command = commands.readLine()) != null && !command.equals(END);) {
            if (command.equals(ANOTHER_ROUND)) {
                round();
            } else if (command.equals(DISTURB)) {
                blocked.getFirst().disturb();
            } else if (command.startsWith(GROW)) {
                Load.idle(Integer.parseInt(command.substring(GROW.length())));
                System.out.println(GROWN);
            }
        }
    }

    private void round() {
        rounds++;
        long inheritable = mask.after(rounds);
        Program program = new Program(List.of(new Program.Row(capset(inheritable), false)), List.of(), 0);
        long began = System.nanoTime();
        Outcome outcome = all.run(program, DEADLINE, answer -> answer.refused() == Answer.NONE);
        long took = System.nanoTime() - began;
        if (!outcome.settled()) {
            Diary.anomaly("silent: " + outcome.silent() + ", " + outcome.reason() + ", " + outcome.effort());
        }
        outcome.living().stream().filter(answer -> answer.refused() != Answer.NONE)
                .forEach(answer -> Diary.anomaly(answer.tid() + ": errno " + answer.errno()));
        System.out.printf("%s %d %x %d %d%n", ROUND, rounds, inheritable, took, outcome.living().size());
    }

    /** Effective and permitted as they are. */
    private Call capset(long inheritable) {
        int number = System.getProperty("os.arch").equals("amd64") ? 126 : 91;
        return Call.of(number).with(MemorySegment.ofArray(new int[] {VERSION_3, 0}))
                .with(MemorySegment.ofArray(new int[] {(int) effective, (int) permitted, (int) inheritable,
                    (int) (effective >>> 32), (int) (permitted >>> 32), (int) (inheritable >>> 32)}));
    }
}
