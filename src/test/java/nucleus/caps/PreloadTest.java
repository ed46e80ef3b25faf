package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No class of the library is left to be loaded when its files may be out of reach. */
class PreloadTest {

    /** The tool; and what of the bindings is there to be compared with the headers, and is called in another way. */
    private static final Pattern LEFT_OUT = Pattern.compile("tool/.*|internal/ffi/__user_cap_.*"
            + "|internal/ffi/linux_caps_h\\$(capget|capset|prctl|setgroups|setresgid|setresuid|syscall)\\.class");

    @Test
    void everyClassThatAChangeMayNeedIsLoaded() throws IOException {
        Path root = Path.of(System.getProperty("caps.classes"), "nucleus", "caps");
        List<String> files;
        try (Stream<Path> found = Files.walk(root)) {
            files = found.map(file -> root.relativize(file).toString()).filter(name -> name.endsWith(".class"))
                    .filter(name -> !LEFT_OUT.matcher(name).matches())
                    .map(name -> name.replace('/', '.').replaceFirst("\\.class$", "")).toList();
        }
        assertThat(Preload.classes()).containsExactlyInAnyOrderElementsOf(files);
    }
}
