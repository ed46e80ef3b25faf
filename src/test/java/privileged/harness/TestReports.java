package privileged.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Compares the reports of a test run with the compiled tests. Each test must be reported and must have passed, or have
 * skipped itself for a reason that is true. scripts/check-tests runs it.
 */
final class TestReports {

    private static final Pattern CAPABILITIES = Pattern.compile("CapEff is ([0-9a-f]{16}), and lacks (.*)");
    private static final Pattern REQUIREMENT = Pattern.compile(Requirement.NOT_AVAILABLE + "(\\w+)");

    private final List<PlannedTest> planned;
    private final long held;
    private final Predicate<Requirement> lacking;
    private final Map<String, List<String>> skipped = new HashMap<>();
    private final Set<String> reported = new HashSet<>();
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
        List<String> faults = reports.faults(Path.of(args[1]));
        System.out.println(kind + " tests: " + reports);
        faults.stream().limit(20).forEach(fault -> System.out.println(kind + " tests: " + fault));
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    private static Predicate<PlannedTest> of(String kind) {
        Predicate<PlannedTest> integration = test -> test.className().endsWith("IT");
        return switch (kind) {
            case "unit" -> integration.negate();
            case "privileged" -> integration;
            default -> integration.and(test -> test.name().startsWith("privileged.") && !test.elsewhere());
        };
    }

    /** {@return what is wrong with the reports in a directory} */
    List<String> faults(Path directory) throws IOException {
        try (Stream<Path> files = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).sorted().forEach(this::read);
        }
        for (PlannedTest test : planned) {
            if (!reported.remove(test.name())) {
                faults.add(test.name() + " is not in the reports");
            }
            skipped.getOrDefault(test.name(), List.of()).stream().filter(reason -> !justifies(reason, test))
                    .map(reason -> reason.strip().lines().findFirst().orElse("no reason is given")).distinct()
                    .forEach(reason -> faults.add(test.name() + " was skipped without need: " + reason));
        }
        reported.forEach(test -> faults.add(test + " is no test of this kind"));
        if (executed == 0) {
            faults.add("none was executed");
        }
        return faults;
    }

    private boolean justifies(String reason, PlannedTest test) {
        Matcher capabilities = CAPABILITIES.matcher(reason);
        if (capabilities.find()) {
            long missing = test.needed() & ~held;
            return missing != 0 && Long.parseUnsignedLong(capabilities.group(1), 16) == held
                    && capabilities.group(2).equals(CapMasks.names(missing));
        }
        Matcher requirement = REQUIREMENT.matcher(reason);
        return requirement.find() && Arrays.stream(Requirement.values())
                .anyMatch(one -> one.name().equals(requirement.group(1)) && lacks(one));
    }

    /** The tests may have run on another JDK than this class. */
    private boolean lacks(Requirement requirement) {
        return requirement == Requirement.JAVA_24 ? java < 24 : lacking.test(requirement);
    }

    private void read(Path file) {
        try {
            DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            parser.setErrorHandler(new DefaultHandler()); // which throws, and prints nothing
            Element suite = parser.parse(file.toFile()).getDocumentElement();
            NodeList properties = suite.getElementsByTagName("property");
            for (int i = 0; i < properties.getLength(); i++) {
                if (((Element) properties.item(i)).getAttribute("name").equals("java.specification.version")) {
                    java = Integer.parseInt(((Element) properties.item(i)).getAttribute("value"));
                }
            }
            NodeList cases = suite.getElementsByTagName("testcase");
            if (cases.getLength() != Integer.parseInt(suite.getAttribute("tests"))) {
                faults.add(file.getFileName() + " has " + cases.getLength() + " tests, and says " + suite.getAttribute("tests"));
            }
            for (int i = 0; i < cases.getLength(); i++) {
                take((Element) cases.item(i));
            }
        } catch (IOException | ParserConfigurationException | SAXException | NumberFormatException e) {
            faults.add(file.getFileName() + " is no whole report: " + e.getMessage());
        }
    }

    private void take(Element test) {
        String name = test.getAttribute("classname") + "#" + test.getAttribute("name").replaceFirst("[(\\[].*", "");
        reported.add(name);
        executed++;
        for (Node node = test.getFirstChild(); node != null; node = node.getNextSibling()) {
            switch (node.getNodeName()) {
                case "failure", "error" -> faults.add(name + " failed");
                case "skipped" -> {
                    executed--;
                    skips++;
                    skipped.computeIfAbsent(name, key -> new ArrayList<>())
                            .add(((Element) node).getAttribute("message") + "\n" + node.getTextContent());
                }
                default -> {
                }
            }
        }
    }

    /** What was found. */
    @Override
    public String toString() {
        return executed + " executed, " + skips + " skipped" + (faults.isEmpty() ? ", as the machine allows" : "");
    }
}
