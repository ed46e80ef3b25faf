package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What is handed out is whole: jars, their bill of materials, and what a repository wants to be told. */
class ReleaseIT {

    private static final Path BASE = Path.of(System.getProperty("caps.basedir"));

    @Test
    void theBillOfMaterialsHasTheOptionalDependencyOnly() throws IOException {
        JsonNode bom = new ObjectMapper().readTree(Files.readString(artifact("-cyclonedx.json")));
        assertThat(bom.at("/metadata/component/name").asString()).isEqualTo("nucleus-caps");
        assertThat(bom.at("/metadata/component/licenses/0/license/id").asString()).isEqualTo("Apache-2.0");
        assertThat(bom.at("/components").valueStream().map(component -> component.get("name").asString()))
                .containsExactly("log4j-api");
    }

    @Test
    void theJarHasTheLicenceAndNoSourceOfAHandler() throws IOException {
        try (JarFile jar = new JarFile(artifact(".jar").toFile())) {
            assertThat(jar.getInputStream(jar.getEntry("META-INF/LICENSE")).readAllBytes())
                    .isEqualTo(Files.readAllBytes(BASE.resolve("LICENSE")));
            assertThat(jar.stream().map(ZipEntry::getName).filter(name -> !name.endsWith("/")))
                    .allMatch(name -> name.matches("META-INF/.*|.*\\.class|nucleus/caps/internal/text/explanations\\.txt"
                            + "|nucleus/caps/tool/(commands\\.txt|completion\\.(bash|zsh))"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-sources.jar", "-javadoc.jar"})
    void sourcesAndDocumentationAreBesideIt(String suffix) throws IOException {
        try (JarFile jar = new JarFile(artifact(suffix).toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName)).anyMatch(name -> name.matches(".*/Caps\\.(java|html)"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "description", "url", "licenses", "developers", "scm"})
    void theRepositoryIsToldWhatItAsksFor(String element) throws Exception {
        Element project = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(BASE.resolve("pom.xml").toFile()).getDocumentElement();
        NodeList children = project.getChildNodes();
        assertThat(Stream.iterate(0, i -> i < children.getLength(), i -> i + 1).map(children::item)
                .filter(node -> node.getNodeName().equals(element)).map(node -> node.getTextContent().strip()))
                .hasSize(1).noneMatch(String::isEmpty);
    }

    /** The one artifact that ends so, behind its version. */
    private static Path artifact(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(BASE.resolve("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("nucleus-caps-[0-9.]+(-SNAPSHOT)?"
                    + suffix.replace(".", "\\."))).reduce((a, b) -> {
                        throw new IllegalStateException("more than one: " + a + ", " + b);
                    }).orElseThrow();
        }
    }
}
