package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import nucleus.caps.tool.CapsTool;

/** The parsers that {@link FuzzTest} gives random texts to. Each reads a text, and checks what it wrote back. */
enum FuzzParser {
    STATE {
        @Override
        void accept(String text) {
            CapabilityState state = CapabilityState.parse(text);
            assertThat(CapabilityState.parse(state.toString())).isEqualTo(state);
        }
    },
    IAB {
        @Override
        void accept(String text) {
            Iab iab = Iab.parse(text);
            assertThat(Iab.parse(iab.toString())).isEqualTo(iab);
        }
    },
    SECURE_BITS {
        @Override
        void accept(String text) {
            SecureBits bits = SecureBits.parse(text);
            assertThat(SecureBits.parse(bits.toString())).isEqualTo(bits);
        }
    },
    OCI_NAMES {
        @Override
        void accept(String text) {
            CapabilitySet set = OciNames.parse(List.of(text.split("[, ]")));
            assertThat(OciNames.parse(OciNames.of(set))).isEqualTo(set);
        }
    },
    SET {
        @Override
        void accept(String text) {
            CapabilitySet set = CapabilitySet.parse(text);
            assertThat(CapabilitySet.parse(set.toString())).isEqualTo(set);
        }
    },
    MASK {
        @Override
        void accept(String text) {
            CapabilitySet set = CapabilitySet.ofMask(text);
            assertThat(CapabilitySet.ofMask(set.mask())).isEqualTo(set);
        }
    },
    NAME {
        @Override
        void accept(String text) {
            assertThat(Capability.of(text).text()).endsWithIgnoringCase(text.strip());
        }
    },
    FILE_TEXT {
        @Override
        void accept(String text) {
            FileCapabilities capabilities = FileCapabilities.parse(text);
            assertThat(FileCapabilities.decode(capabilities.encode())).isEqualTo(capabilities);
        }
    },
    FILE_BYTES {
        @Override
        void accept(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            byte[] framed = Arrays.copyOf(bytes, Math.min(bytes.length, 24));
            if (framed.length > 3 && (framed[3] & 4) == 0) {
                framed[3] &= 3; // else no version would ever be right
            }
            FileCapabilities capabilities = FileCapabilities.decode(framed);
            assertThat(FileCapabilities.decode(capabilities.encode())).isEqualTo(capabilities);
        }
    },
    OCI {
        @Override
        void accept(String text) {
            CapabilitySets sets = CapabilitySets.ofOci(Map.of("ambient", List.of(text.split("[, ]"))));
            assertThat(CapabilitySets.ofOci(sets.toOci())).isEqualTo(sets);
        }
    },
    WORD {
        @Override
        void accept(String text) {
            assertThat(Capability.about(text.split(" "))).doesNotHaveDuplicates();
        }
    },
    COMMAND {
        private static final List<String> COMMANDS = List.of("decode", "explain", "file set", "file frob", "ps -");

        @Override
        void accept(String text) {
            String words = COMMANDS.get(text.length() % COMMANDS.size()) + " " + text.replace(' ', ',').trim();
            PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
            assertThat(new CapsTool().run(nowhere, nowhere, words.split(" "))).isBetween(0, 2);
        }
    };

    abstract void accept(String text);
}
