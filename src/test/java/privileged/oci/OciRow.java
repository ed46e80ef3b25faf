package privileged.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.Capability;
import privileged.harness.CapMasks;
import privileged.harness.ChildArguments;
import privileged.harness.OutsideStatus;

/**
 * What {@code process} of an OCI bundle asks for, and what comes of it: a line of {@code oci.txt}, which says what the words
 * mean.
 *
 * @param name what is special about it
 * @param user as {@link ChildArguments#identity} reads it
 * @param noNewPrivs whether no_new_privs is asked for
 * @param capabilities the lists, as they stand in JSON
 * @param ours what the library makes of it
 * @param runc what runc makes of it
 * @param crun what crun makes of it
 */
record OciRow(String name, String user, boolean noNewPrivs, Map<String, List<String>> capabilities, String ours,
              String runc, String crun) {

    static final String GIVES = "gives";
    static final String IGNORES = "ignores";
    static final String REFUSES = "refuses";

    /** What nobody in these tests holds, so that the table is the same wherever more is held. */
    static final Capability LACKING = Capability.CAP_SYS_TIME;

    /** What has a name and is held by whoever is started by {@link #without}. */
    static final long HELD = named(OutsideStatus.mine().bounding()) & ~(1L << LACKING.number());

    private static final List<String> MEMBERS = List.of("bounding", "permitted", "effective", "inheritable", "ambient");
    private static final int FIRST_LIST = 3;
    private static final int OURS = FIRST_LIST + MEMBERS.size();

    /** Starts a command with what is held in bounding, permitted and effective, and nothing handed on otherwise. */
    static String[] without() {
        return new String[] {"setpriv", "--bounding-set", "-sys_time", "--inh-caps", "-all", "--ambient-caps", "-all"};
    }

    static List<OciRow> table() {
        try (Stream<String> lines =
                Files.lines(Path.of(System.getProperty("caps.basedir"), "src/test/resources/privileged/oci/oci.txt"))) {
            return lines.filter(line -> !line.startsWith("#") && !line.isBlank()).map(OciRow::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OciRow parse(String line) {
        List<String> words = Arrays.stream(line.split("\\|")).map(String::strip).toList();
        Map<String, List<String>> lists = new LinkedHashMap<>();
        for (int i = 0; i < MEMBERS.size(); i++) {
            if (!words.get(FIRST_LIST + i).equals("-")) {
                lists.put(MEMBERS.get(i), Arrays.stream(words.get(FIRST_LIST + i).split(",")).flatMap(OciRow::names)
                        .toList());
            }
        }
        String ours = words.size() > OURS ? words.get(OURS) : GIVES;
        String theirs = ours.equals(GIVES) ? GIVES : REFUSES;
        return new OciRow(words.get(0), words.get(1), words.get(2).equals("nnp"), lists, ours,
                words.size() > OURS + 1 ? words.get(OURS + 1) : theirs,
                words.size() > OURS + 2 ? words.get(OURS + 2) : theirs);
    }

    private static Stream<String> names(String word) {
        return switch (word) {
            case "none" -> Stream.empty();
            case "held" -> names(HELD);
            case "docker" -> names(CapMasks.DOCKER & HELD);
            default -> Stream.of(word);
        };
    }

    /** Five lists of five masks, in the order of the table. */
    static Map<String, List<String>> lists(long... five) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        IntStream.range(0, five.length).forEach(i -> lists.put(MEMBERS.get(i), names(five[i]).toList()));
        return lists;
    }

    /** Without those that a newer kernel may know. */
    static long named(long set) {
        return set & (1L << Capability.values().length) - 1;
    }

    private static Stream<String> names(long set) {
        return Arrays.stream(Capability.values()).filter(one -> (set >>> one.number() & 1) != 0).map(Enum::name);
    }

    /** Whether the library is to give what is asked for. */
    boolean gives() {
        return ours.equals(GIVES);
    }

    /** Whether the user namespace of these tests has its ids. */
    boolean hasMappedIds() {
        List<Long> ids = ids();
        return isMapped("uid", ids.get(0)) && ids.stream().skip(1).allMatch(id -> isMapped("gid", id));
    }

    private static boolean isMapped(String kind, long id) {
        try (Stream<String> ranges = Files.lines(Path.of("/proc/self/" + kind + "_map"))) {
            return ranges.map(range -> range.strip().split("\\s+"))
                    .anyMatch(range -> id >= Long.parseLong(range[0])
                            && id - Long.parseLong(range[0]) < Long.parseLong(range[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The uid, the gid, and the groups. */
    List<Long> ids() {
        return Arrays.stream(user.split(":")).map(Long::valueOf).toList();
    }

    /** What a process of that row is to be, to the letter. */
    OutsideStatus asked() {
        return with(lax("bounding"), lax("permitted"), lax("effective"), lax("inheritable"), lax("ambient"));
    }

    /** What of it can be had by whoever holds {@link #HELD}. */
    OutsideStatus settled() {
        long permitted = strict("permitted") & HELD;
        long inheritable = strict("inheritable") & HELD;
        return with(strict("bounding") & HELD, permitted, strict("effective") & permitted, inheritable,
                strict("ambient") & permitted & inheritable);
    }

    private OutsideStatus with(long bounding, long permitted, long effective, long inheritable, long ambient) {
        List<Long> ids = ids();
        OutsideStatus status = OutsideStatus.mine().withSets(bounding, permitted, effective, inheritable, ambient)
                .as(ids.get(0), ids.get(1), ids.stream().skip(2).sorted().distinct().toArray(Long[]::new));
        return noNewPrivs ? status.withNoNewPrivs() : status;
    }

    /** As crun reads names: in any case, or a number. */
    private long lax(String member) {
        return mask(member, name -> name.matches("[0-9]+") ? 1L << Integer.parseInt(name)
                : exactly(name.toUpperCase()));
    }

    private long strict(String member) {
        return mask(member, OciRow::exactly);
    }

    private long mask(String member, ToLongFunction<String> bit) {
        return capabilities.getOrDefault(member, List.of()).stream().mapToLong(bit).reduce(0, (a, b) -> a | b);
    }

    private static long exactly(String name) {
        return Arrays.stream(Capability.values()).filter(one -> one.name().equals(name))
                .mapToLong(one -> 1L << one.number()).sum();
    }

    @Override
    public String toString() {
        return name;
    }
}
