package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import nucleus.caps.CapabilitySet;
import nucleus.caps.FileCapabilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code caps decode} of the attribute as getfattr 2.5.1 prints it. */
class AttributeTextTest {

    private static final String NULS = "\\000".repeat(12);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int decode(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "decode";
        System.arraycopy(words, 0, all, 1, words.length);
        return new CapsTool().run(new PrintWriter(out), new PrintWriter(err), all);
    }

    private void prints(String word, String text) {
        assertThat(decode(word)).as(err.toString()).isZero();
        assertThat(out).hasToString(text + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "security.capability=0sAQAAAgAgAAAAAAAAAAAAAAAAAAA=                       | cap_net_raw=ep",
        "0sAQAAAgAgAAAAAAAAAAAAAAAAAAA=                                           | cap_net_raw=ep",
        "0SAQAAAgAgAAAAAAAAAAAAAAAAAAA=                                           | cap_net_raw=ep",
        "security.capability=0x0100000200200000000000000000000000000000           | cap_net_raw=ep",
        "0x0100000200200000000000000000000000000000                               | cap_net_raw=ep",
        "0X0000000200000000200000000000000000000000                               | cap_kill=i",
        "security.capability=0sAQAAAwAgAAAAAAAAgAAAAAAAAADoAwAA       | cap_net_raw,cap_bpf=ep [rootid=1000]",
        "security.capability=0x010000010020000000000000                           | cap_net_raw=ep",
        "`# file: bin/ping\nsecurity.capability=0sAQAAAgAgAAAAAAAAAAAAAAAAAAA=\n\n` | cap_net_raw=ep",
    })
    void base64AndHexadecimal(String word, String text) {
        prints(word, text);
    }

    /** getfattr writes zero, newline and carriage return as octal, and leaves out a zero at the end. */
    @Test
    void quotedText() {
        prints("security.capability=\"\u0001\\000\\000\u0002\\000 \\000" + NULS + "\"", "cap_net_raw=ep");
    }

    @Test
    void quotedTextWithOctalForEveryByte() {
        prints("\"\\001\\000\\000\\002\\000\\040\\000\\000" + NULS + "\"", "cap_net_raw=ep");
    }

    @Test
    void quotedTextWithEscapedCharacters() {
        FileCapabilities capabilities = new FileCapabilities(CapabilitySet.ofMask("0d0a5c22"), CapabilitySet.NONE, false, 0);
        prints("\"\\000\\000\\000\\002\\\"\\\\\\012\\015" + NULS + "\"", capabilities.toString());
    }

    @Test
    void severalFilesAtOnceAndMasksBeside() {
        assertThat(decode("20", "# file: a\nsecurity.capability=0x0100000200200000000000000000000000000000\n\n"
                + "# file: b\nsecurity.capability=0x0000000200000000200000000000000000000000\n", "1")).isZero();
        assertThat(out.toString().lines()).containsExactly("0x0000000000000020=cap_kill", "cap_net_raw=ep", "cap_kill=i",
                "0x0000000000000001=cap_chown");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "security.capability=     | no value of security.capability as getfattr prints it: \"\"",
        "security.capability=20   | no value of security.capability as getfattr prints it: \"20\"",
        "0s!                      | no value of security.capability as getfattr prints it: \"0s!\"",
        "security.capability=0x0g | no value of security.capability as getfattr prints it: \"0x0g\"",
        "security.capability=0x123 | no value of security.capability as getfattr prints it: \"0x123\"",
        "0sAQ==                   | malformed security.capability: 1 bytes 01",
        "security.capability=0x01000002 | malformed security.capability: 4 bytes 01000002",
        "\"                       | no value of security.capability as getfattr prints it: \"\"\"",
        "\"\\\"                   | no value of security.capability as getfattr prints it: \"\"\\\"\"",
        "\"\\00\"                 | no value of security.capability as getfattr prints it: \"\"\\00\"\"",
        "\"\\400\"                | no value of security.capability as getfattr prints it: \"\"\\400\"\"",
        "\"a\"b\"                 | no value of security.capability as getfattr prints it: \"\"a\"b\"\"",
        "\"\u00e9\"               | the bytes of this text are not known for certain: \"\"\u00e9\"\"; print the attribute with"
                + " getfattr -e hex",
        "`# file: security.capability=` | decode needs a MASK, as in 00000000a80425fb, or an attribute that getfattr prints",
        "user.security.capability=0sAQ== | no value of security.capability as getfattr prints it:"
                + " \"user.security.capability=0sAQ==\"",
    })
    void whatIsMalformedIsRefused(String word, String message) {
        assertThat(decode(word)).isEqualTo(2);
        assertThat(err).hasToString("caps: " + message + " (caps --help)" + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }
}
