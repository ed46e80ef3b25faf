package privileged.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * A report of a test run, as Surefire and JUnit write it.
 *
 * @param results the executed and the skipped tests
 * @param java the Java version of the tests, which may differ from that of the reader; 0 if the report has none
 */
record ReportFile(List<Result> results, int java) {

    private static final Pattern ROW = Pattern.compile("\\[(\\d+)]$");

    /**
     * One test, or one row of a parameterized or repeated test.
     *
     * @param test the class and the method
     * @param row the number of the row, from 1; 0 if the test has no rows
     * @param outcome the name of the element inside; empty if the test has passed
     * @param reason why it was skipped
     */
    record Result(String test, int row, String outcome, String reason) {
    }

    /** {@return the reports in a directory} */
    static List<Path> in(Path directory) throws IOException {
        try (Stream<Path> files = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).sorted().toList();
        }
    }

    /** Reads a report, or throws if it is cut off or contradicts itself. */
    static ReportFile read(Path file) throws IOException {
        try {
            DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            parser.setErrorHandler(new DefaultHandler()); // which throws, and prints nothing
            return of(parser.parse(file.toFile()).getDocumentElement());
        } catch (ParserConfigurationException | SAXException | NumberFormatException e) {
            throw new IOException("it is cut off, or no report: " + e.getMessage(), e);
        }
    }

    private static ReportFile of(Element suite) throws IOException {
        List<Result> results = new ArrayList<>();
        for (Element test : elements(suite, "testcase")) {
            results.add(result(test));
        }
        if (results.size() != Integer.parseInt(suite.getAttribute("tests"))) {
            throw new IOException("it has " + results.size() + " tests, and says " + suite.getAttribute("tests"));
        }
        int java = 0;
        for (Element property : elements(suite, "property")) {
            if (property.getAttribute("name").equals("java.specification.version")) {
                java = Integer.parseInt(property.getAttribute("value"));
            }
        }
        return new ReportFile(results, java);
    }

    private static List<Element> elements(Element suite, String name) {
        NodeList nodes = suite.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static Result result(Element test) {
        String name = test.getAttribute("name");
        Matcher row = ROW.matcher(name);
        String method = test.getAttribute("classname") + "#" + name.replaceFirst("[(\\[].*", "");
        String outcome = "";
        String reason = "";
        for (Node node = test.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (List.of("failure", "error", "skipped").contains(node.getNodeName())) {
                outcome = node.getNodeName();
                reason = ((Element) node).getAttribute("message") + "\n" + node.getTextContent();
            }
        }
        return new Result(method, row.find() ? Integer.parseInt(row.group(1)) : 0, outcome, reason);
    }
}
