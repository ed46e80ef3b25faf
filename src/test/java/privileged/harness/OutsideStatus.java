package privileged.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What another process reads of a thread in {@code /proc/<tid>/status}. No code is shared with the library. */
public record OutsideStatus(long bounding, long permitted, long effective, long inheritable, long ambient,
                            List<Long> uids, List<Long> gids, List<Long> groups, boolean noNewPrivs) {

    public static OutsideStatus parse(String text) {
        Map<String, String> lines = text.lines().map(line -> line.split(":", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].strip()));
        return new OutsideStatus(mask(lines, "CapBnd"), mask(lines, "CapPrm"), mask(lines, "CapEff"),
                mask(lines, "CapInh"), mask(lines, "CapAmb"), ids(lines, "Uid"), ids(lines, "Gid"),
                ids(lines, "Groups"), switch (lines.get("NoNewPrivs")) {
                    case "0" -> false;
                    case "1" -> true;
                    default -> throw new IllegalArgumentException(text);
                });
    }

    /** Of a process, or of any thread of one. */
    public static OutsideStatus of(long id) {
        return read(Path.of("/proc/" + id + "/status")).map(OutsideStatus::parse).orElseThrow();
    }

    /** Nothing where the thread is gone, or has ended and not been reaped. */
    public static Optional<OutsideStatus> ofLiving(Path task) {
        return read(task.resolve("status")).filter(text -> !text.matches("(?s).*\nState:\t[ZX].*"))
                .map(OutsideStatus::parse);
    }

    /** What the tests themselves hold, and with them whatever they start. */
    public static OutsideStatus mine() {
        return read(Path.of("/proc/thread-self/status")).map(OutsideStatus::parse).orElseThrow();
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if ("No such process".equals(e.getMessage())) {
                return Optional.empty();
            }
            throw new IllegalStateException(file.toString(), e);
        }
    }

    private static long mask(Map<String, String> lines, String key) {
        return Long.parseUnsignedLong(lines.get(key), 16);
    }

    private static List<Long> ids(Map<String, String> lines, String key) {
        return Arrays.stream(lines.get(key).split("\\s+")).filter(id -> !id.isEmpty()).map(Long::valueOf).toList();
    }

    public OutsideStatus withSets(long b, long p, long e, long i, long a) {
        return new OutsideStatus(b, p, e, i, a, uids, gids, groups, noNewPrivs);
    }

    /** Bounding, permitted and effective alike; inheritable and ambient empty. */
    public OutsideStatus holdingOnly(long kept) {
        return withSets(kept, kept, kept, 0, 0);
    }

    public OutsideStatus withBounding(long set) {
        return withSets(set, permitted, effective, inheritable, ambient);
    }

    public OutsideStatus withPermitted(long set) {
        return withSets(bounding, set, effective, inheritable, ambient);
    }

    public OutsideStatus withEffective(long set) {
        return withSets(bounding, permitted, set, inheritable, ambient);
    }

    public OutsideStatus withInheritable(long set) {
        return withSets(bounding, permitted, effective, set, ambient);
    }

    public OutsideStatus withAmbient(long set) {
        return withSets(bounding, permitted, effective, inheritable, set);
    }

    /** {@return this state after {@link Checkpoints#leaveRoot} without KEEPCAPS} */
    public OutsideStatus awayFromRoot() {
        return withPermitted(0).withEffective(0).withUid(Checkpoints.AWAY);
    }

    /** All four uids and all four gids. */
    public OutsideStatus as(long uid, long gid, Long... supplementary) {
        return withUid(uid).withGid(gid).withGroups(supplementary);
    }

    public OutsideStatus withUid(long uid) {
        return withUids(uid, uid, uid, uid);
    }

    public OutsideStatus withUids(long real, long effectiveId, long saved, long fileSystem) {
        return new OutsideStatus(bounding, permitted, effective, inheritable, ambient,
                List.of(real, effectiveId, saved, fileSystem), gids, groups, noNewPrivs);
    }

    public OutsideStatus withGid(long gid) {
        return new OutsideStatus(bounding, permitted, effective, inheritable, ambient, uids,
                LongStream.of(gid, gid, gid, gid).boxed().toList(), groups, noNewPrivs);
    }

    public OutsideStatus withGroups(Long... supplementary) {
        return new OutsideStatus(bounding, permitted, effective, inheritable, ambient, uids, gids,
                List.of(supplementary), noNewPrivs);
    }

    public OutsideStatus withNoNewPrivs() {
        return new OutsideStatus(bounding, permitted, effective, inheritable, ambient, uids, gids, groups, true);
    }

    /** Five masks, as {@link ChildArguments#sets} reads them. */
    public String masks() {
        return LongStream.of(bounding, permitted, effective, inheritable, ambient).mapToObj(CapMasks::hex)
                .collect(Collectors.joining("/"));
    }

    @Override
    public String toString() {
        return "B/P/E/I/A " + masks() + " uids " + uids + " gids " + gids + " groups " + groups + " nnp " + noNewPrivs;
    }
}
