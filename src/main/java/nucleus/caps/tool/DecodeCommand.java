package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.FileCapabilities;
import org.jspecify.annotations.Nullable;

/** {@code caps decode}: prints what a mask, or the attribute of a file, stands for. */
final class DecodeCommand {

    private static final String JSON = "--json";

    private DecodeCommand() {
    }

    /** What a word stands for, in both forms of output. */
    private record Decoded(String text, Map<String, @Nullable Object> json) {

        static Decoded of(CapabilitySet set) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            members.put("mask", set.mask());
            members.put("capabilities", StateJson.names(set));
            String names = set.numbers().mapToObj(n -> Capability.of(n).map(Capability::text).orElse(Integer.toString(n)))
                    .collect(Collectors.joining(","));
            return new Decoded("0x" + set.mask() + "=" + names, members);
        }

        static Decoded of(FileCapabilities capabilities) {
            return new Decoded(capabilities.toString(), StateJson.of(capabilities));
        }
    }

    static void run(PrintWriter out, List<String> words) {
        CommandLine arguments = CommandLine.of("decode", words, Set.of(JSON), Set.of());
        List<Decoded> decoded = arguments.operands().stream().flatMap(DecodeCommand::decode).toList();
        if (decoded.isEmpty()) {
            throw new UsageException("decode needs a MASK, as in 00000000a80425fb, or an attribute that getfattr prints");
        }
        if (arguments.has(JSON)) {
            out.println(Json.of(decoded.stream().map(Decoded::json).toList()));
        } else {
            decoded.forEach(one -> out.println(one.text()));
        }
    }

    private static Stream<Decoded> decode(String word) {
        return AttributeText.isAttribute(word)
                ? parsed(word, AttributeText::parse).stream().map(Decoded::of)
                : Stream.of(Decoded.of(parsed(word, CapabilitySet::ofMask)));
    }

    private static <T> T parsed(String word, Function<String, T> parser) {
        try {
            return parser.apply(word);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }
}
