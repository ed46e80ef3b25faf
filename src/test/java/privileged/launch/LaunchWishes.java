package privileged.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Launcher;
import nucleus.caps.SecureBits;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;

/**
 * Launches what each of its arguments asks for, and says of each what was planned and what the program printed. An
 * argument is {@code IDS BOUNDING INHERITABLE AMBIENT SECUREBITS nnp|new DESCRIPTORS COMMAND...}; ids, securebits and
 * descriptors may be {@code -}.
 */
public final class LaunchWishes implements ChildScenario {

    private static final int FIXED = 7;

    /** A wish as an argument. */
    public static String wish(String ids, long bounding, long inheritable, long ambient, String secureBits, boolean nnp,
                              Object program) {
        return wish(ids, bounding, inheritable, ambient, secureBits, nnp, "-", program);
    }

    /** A wish that keeps descriptors, a list with commas. */
    public static String wish(String ids, long bounding, long inheritable, long ambient, String secureBits, boolean nnp,
                              String descriptors, Object program) {
        return String.join(" ", ids, CapMasks.hex(bounding), CapMasks.hex(inheritable), CapMasks.hex(ambient), secureBits,
                nnp ? "nnp" : "new", descriptors, program.toString());
    }

    public static Launcher launcher(String wish) {
        String[] words = wish.split(" ");
        ProcessBuilder builder = new ProcessBuilder(Arrays.asList(words).subList(FIXED, words.length));
        Launcher launcher = Launcher.of(builder.redirectErrorStream(true)).bounding(CapabilitySet.ofMask(words[1]))
                .inheritable(CapabilitySet.ofMask(words[2])).ambient(CapabilitySet.ofMask(words[3]));
        if (!words[0].equals("-")) {
            launcher = launcher.identity(ChildArguments.identity(words[0]));
        }
        if (!words[4].equals("-")) {
            launcher = launcher.secureBits(new SecureBits(Integer.parseInt(words[4], 16)));
        }
        if (!words[6].equals("-")) {
            launcher = launcher.keeping(Stream.of(words[6].split(",")).map(Integer::valueOf).collect(Collectors.toSet()));
        }
        return words[5].equals("nnp") ? launcher : launcher.allowNewPrivileges();
    }

    /** What the kernel would print of it, and status.c with it. */
    public static List<String> lines(Launcher.Plan launched) {
        Credentials plan = launched.credentials();
        String descriptors = launched.descriptors().stream().map(each -> " " + each).collect(Collectors.joining());
        return Stream.of("Uid:\t" + ids(plan.uids()), "Gid:\t" + ids(plan.gids()),
                "Groups:\t" + plan.groups().stream().map(id -> id + " ").collect(Collectors.joining()),
                "CapInh:\t" + plan.sets().inheritable().mask(), "CapPrm:\t" + plan.sets().permitted().mask(),
                "CapEff:\t" + plan.sets().effective().mask(), "CapBnd:\t" + plan.sets().bounding().mask(),
                "CapAmb:\t" + plan.sets().ambient().mask(), "NoNewPrivs:\t" + (plan.noNewPrivs() ? 1 : 0),
                "Securebits:\t" + Integer.toHexString(plan.secureBits().orElseThrow().bits()),
                descriptors.isEmpty() ? "" : "Descriptors:" + descriptors).map(String::stripTrailing)
                .filter(line -> !line.isEmpty()).toList();
    }

    private static String ids(Ids ids) {
        return ids.real() + "\t" + ids.effective() + "\t" + ids.saved() + "\t" + ids.fileSystem();
    }

    /** What a program printed, and how it ended where that was not well. */
    public static List<String> output(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .map(String::stripTrailing).toList();
        process.getInputStream().close();
        process.getErrorStream().close();
        int status = process.waitFor();
        return status == 0 ? lines : List.of("ended with " + status, String.join("|", lines));
    }

    @Override
    public void run(Checkpoints points, String... wishes) throws Exception {
        for (String wish : wishes) {
            try {
                Launcher launcher = launcher(wish);
                List<String> planned = lines(launcher.plan());
                points.say(String.join("|", planned));
                points.say(String.join("|", output(launcher.start())));
            } catch (CapsException e) {
                points.say("refused " + e.getMessage());
                points.say("nothing");
            }
        }
        points.at("launched");
    }
}
