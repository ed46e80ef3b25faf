package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each link of a page to a file of this project leads to that file, and to a heading if it names one. */
class LinksTest {

    private static final Path BASE = Path.of(System.getProperty("caps.basedir"));
    private static final PathMatcher PAGES = FileSystems.getDefault()
            .getPathMatcher("glob:{*.md,src/docs/*.md,.github/*.md,.github/ISSUE_TEMPLATE/*.md}");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    private record Link(Path page, Path file, String heading) {

        static Stream<Link> of(Path page) {
            return LINK.matcher(read(page)).results().map(link -> of(page, link));
        }

        private static Link of(Path page, MatchResult link) {
            Path file = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
            return new Link(page, file, link.group(2));
        }

        boolean leadsSomewhere() {
            return Files.exists(file) && (heading == null || headings(file).contains(heading));
        }
    }

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        List<Link> links = pages().flatMap(Link::of).toList();

        assertThat(links).isNotEmpty();
        assertThat(links).filteredOn(link -> !link.leadsSomewhere()).isEmpty();
    }

    private static Stream<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(BASE, 3)) {
            return files.filter(file -> PAGES.matches(BASE.relativize(file))).toList().stream();
        }
    }

    /** {@return the names by which GitHub's pages link to headings} */
    private static List<String> headings(Path page) {
        return HEADING.matcher(read(page)).results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-')).toList();
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
