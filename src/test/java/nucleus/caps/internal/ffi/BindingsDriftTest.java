package nucleus.caps.internal.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nucleus.caps.Capability;
import org.junit.jupiter.api.Test;

/** The committed bindings against the headers installed here, without jextract. */
class BindingsDriftTest {

    static final String HEADER = "\"linux_caps.h\"";

    private final CFacts bindings = CFacts.ofTheBindings();

    @Test
    void bindingsAgreeWithTheHeaders() {
        Gcc.INSTALLED.mustAccept(CAsserts.of(HEADER, bindings), 128);
    }

    @Test
    void bindingsHoldWhatTheSymbolsFileListsAndNothingElse() throws IOException {
        List<String> listed = Files.readAllLines(Gcc.BASEDIR.resolve("headers/linux_caps.symbols")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#")).toList();

        assertThat(bindings.jextractArguments()).containsExactlyInAnyOrderElementsOf(listed);
    }

    @Test
    void knowsEveryCapabilityOfTheHeaders() {
        Map<String, Long> declared = Arrays.stream(Capability.values())
                .collect(Collectors.toMap(Capability::name, capability -> (long) capability.number()));
        Map<String, Long> bound = bindings.constants().entrySet().stream()
                .filter(constant -> constant.getKey().startsWith("CAP_"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

        assertThat(declared).isEqualTo(bound).hasSize(41);
    }
}
