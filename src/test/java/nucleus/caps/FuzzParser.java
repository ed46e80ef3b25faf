package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import nucleus.caps.tool.CapsTool;

/** The parsers that {@link FuzzTest} gives random texts to. Each reads a text, and checks what it wrote back. */
enum FuzzParser {
    STATE(readsBack(CapabilityState::parse, CapabilityState::toString)),
    IAB(readsBack(Iab::parse, Iab::toString)),
    SECURE_BITS(readsBack(SecureBits::parse, SecureBits::toString)),
    SET(readsBack(CapabilitySet::parse, CapabilitySet::toString)),
    MASK(readsBack(CapabilitySet::ofMask, CapabilitySet::mask)),
    OCI_NAMES(text -> readsBack(OciNames::parse, OciNames::of).accept(words(text))),
    OCI(text -> readsBack(CapabilitySets::ofOci, CapabilitySets::toOci).accept(Map.of("ambient", words(text)))),
    FILE_TEXT(text -> decodes(FileCapabilities.parse(text))),
    FILE_BYTES(text -> decodes(FileCapabilities.decode(framed(text)))),
    NAME(text -> assertThat(Capability.of(text).text()).endsWithIgnoringCase(text.strip())),
    WORD(text -> assertThat(Capability.about(text.split(" "))).doesNotHaveDuplicates()),
    COMMAND(FuzzParser::run);

    private final Consumer<String> parser;

    FuzzParser(Consumer<String> parser) {
        this.parser = parser;
    }

    void accept(String text) {
        parser.accept(text);
    }

    private static <T, V> Consumer<T> readsBack(Function<T, V> parse, Function<V, T> write) {
        return text -> {
            V value = parse.apply(text);
            assertThat(parse.apply(write.apply(value))).isEqualTo(value);
        };
    }

    private static void decodes(FileCapabilities capabilities) {
        assertThat(FileCapabilities.decode(capabilities.encode())).isEqualTo(capabilities);
    }

    private static List<String> words(String text) {
        return List.of(text.split("[, ]"));
    }

    private static byte[] framed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] framed = Arrays.copyOf(bytes, Math.min(bytes.length, 24));
        if (framed.length > 3 && (framed[3] & 4) == 0) {
            framed[3] &= 3; // else no version would ever be right
        }
        return framed;
    }

    private static void run(String text) {
        List<String> commands = List.of("decode", "explain", "file set", "file frob", "ps -");
        String words = commands.get(text.length() % commands.size()) + " " + text.replace(' ', ',').trim();
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        assertThat(new CapsTool().run(nowhere, nowhere, words.split(" "))).isBetween(0, 2);
    }
}
