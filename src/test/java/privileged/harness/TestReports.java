package privileged.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the reports of a test run with the compiled tests. Each test must be reported and must have passed, or have
 * skipped itself for a reason that it declares and that is true. scripts/check-tests runs it.
 *
 * <p>A parameterized test must report at least as many rows as its annotations declare, numbered without a gap. In a container
 * it must report as many rows as on the machine itself. Nothing counts the rows of a {@code MethodSource} in advance: if the last
 * rows are missing from every run, this class does not see it.
 */
final class TestReports {

    private static final Pattern CAPABILITIES = Pattern.compile("CapEff is ([0-9a-f]{16}), and lacks (.*)");
    private static final Pattern REQUIREMENT = Pattern.compile(Requirement.NOT_AVAILABLE + "(\\w+)");

    private final List<PlannedTest> planned;
    private final long held;
    private final Predicate<Requirement> lacking;
    private final Map<String, List<ReportFile.Result>> reported = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private int java;
    private int executed;
    private int skips;

    /**
     * @param planned what must be in the reports
     * @param held the capabilities of the tests, as the caller read or chose them
     * @param lacking whether the machine or container lacks something
     */
    TestReports(List<PlannedTest> planned, long held, Predicate<Requirement> lacking) {
        this.planned = planned;
        this.held = held;
        this.lacking = lacking;
    }

    /**
     * Usage: KIND REPORTS CAPEFF [REQUIREMENT...]. The requirements are those that a container of this kind does not meet. What
     * the machine itself lacks, no container has.
     */
    public static void main(String[] args) throws IOException {
        String kind = args[0];
        List<PlannedTest> all = PlannedTest.in(Path.of(System.getProperty("caps.testClasses")));
        List<String> missing = Arrays.asList(args).subList(3, args.length);
        TestReports reports = new TestReports(all.stream().filter(of(kind)).toList(), Long.parseUnsignedLong(args[2], 16),
                requirement -> missing.contains(requirement.name()) || !requirement.isMet());
        Map<String, Integer> machine = kind.startsWith("container-") ? rowsOfThisBuild(Path.of("target")) : Map.of();
        if (kind.startsWith("container-") && machine.isEmpty()) {
            System.out.println(kind + " tests: their rows are not compared, because this build has no report of the machine");
        }
        List<String> faults = reports.faults(Path.of(args[1]), machine);
        System.out.println(kind + " tests: " + reports);
        faults.stream().limit(20).forEach(fault -> System.out.println(kind + " tests: " + fault));
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    private static Predicate<PlannedTest> of(String kind) {
        Predicate<PlannedTest> integration = test -> test.className().endsWith("IT");
        Predicate<PlannedTest> servers = test -> test.className().matches(".*\\.Servers\\w*IT");
        return switch (kind) {
            case "unit" -> integration.negate();
            case "privileged" -> integration.and(servers.negate());
            case "servers" -> servers;
            case "container-privileged" -> integration.and(PlannedTest::smoke);
            default -> integration.and(test -> test.name().startsWith("privileged.") && !test.elsewhere());
        };
    }

    /** {@return the rows of each test that ran on the machine itself} A report from before the build is left out. */
    static Map<String, Integer> rowsOfThisBuild(Path target) throws IOException {
        Map<String, Integer> rows = new HashMap<>();
        Path built = target.resolve("tests.built");
        for (Path file : ReportFile.in(target.resolve("failsafe-reports"))) {
            if (Files.exists(built) && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(built)) > 0) {
                ReportFile.read(file).results().forEach(result -> rows.merge(result.test(), 1, Integer::sum));
            }
        }
        return rows;
    }

    /**
     * {@return what is wrong with the reports in a directory}
     *
     * @param machine how many rows each test reports on the machine itself, as far as it ran there
     */
    List<String> faults(Path directory, Map<String, Integer> machine) throws IOException {
        ReportFile.in(directory).forEach(this::read);
        for (PlannedTest test : planned) {
            List<ReportFile.Result> results = reported.remove(test.name());
            if (results == null) {
                faults.add(test.name() + " is not in the reports");
            } else {
                judge(test, results, machine.getOrDefault(test.name(), results.size()));
            }
        }
        reported.keySet().forEach(test -> faults.add(test + " is no test of this kind"));
        if (executed == 0) {
            faults.add("none was executed");
        }
        return faults;
    }

    private void judge(PlannedTest test, List<ReportFile.Result> results, int machine) {
        String rows = DeclaredRows.fault(test.rows(), results.stream().map(ReportFile.Result::row).toList());
        if (!rows.isEmpty()) {
            faults.add(test.name() + " " + rows);
        }
        if (results.size() != machine) {
            faults.add(test.name() + " reports " + results.size() + " rows here, and " + machine + " on the machine itself");
        }
        results.stream().filter(result -> result.outcome().equals("skipped")).map(ReportFile.Result::reason)
                .filter(reason -> !justifies(reason, test))
                .map(reason -> reason.strip().lines().findFirst().orElse("no reason is given")).distinct()
                .forEach(reason -> faults.add(test.name() + " was skipped without need: " + reason));
    }

    private boolean justifies(String reason, PlannedTest test) {
        Matcher capabilities = CAPABILITIES.matcher(reason);
        if (capabilities.find()) {
            long missing = test.needed() & ~held;
            return missing != 0 && Long.parseUnsignedLong(capabilities.group(1), 16) == held
                    && capabilities.group(2).equals(CapMasks.names(missing));
        }
        Matcher requirement = REQUIREMENT.matcher(reason);
        return requirement.find() && test.required().stream()
                .anyMatch(one -> one.name().equals(requirement.group(1)) && lacks(one));
    }

    /** The tests may have run on another JDK than this class. */
    private boolean lacks(Requirement requirement) {
        return requirement == Requirement.JAVA_24 ? java < 24 : lacking.test(requirement);
    }

    private void read(Path file) {
        try {
            ReportFile report = ReportFile.read(file);
            java = report.java() == 0 ? java : report.java();
            report.results().forEach(this::take);
        } catch (IOException e) {
            faults.add(file.getFileName() + " is no whole report: " + e.getMessage());
        }
    }

    private void take(ReportFile.Result result) {
        reported.computeIfAbsent(result.test(), key -> new ArrayList<>()).add(result);
        switch (result.outcome()) {
            case "skipped" -> skips++;
            case "" -> executed++;
            default -> {
                executed++;
                faults.add(result.test() + " failed");
            }
        }
    }

    /** What was found. */
    @Override
    public String toString() {
        return executed + " executed, " + skips + " skipped" + (faults.isEmpty() ? ", as the machine allows" : "");
    }
}
