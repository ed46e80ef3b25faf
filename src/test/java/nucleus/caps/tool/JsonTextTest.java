package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Another JSON library reads what {@link Json} writes. */
class JsonTextTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static JsonNode read(Object value) {
        return JSON.readTree(Json.of(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\"", "\\", "\\u0041", "/", "\n\r\t\b\f\u0000\u001f\u007f", "\u0080\u009b\u00e9\u2028\u2029",
        "\u202e\ufeff\ufffd\uffff", "\ud83d\ude00", "\ud800", "\udc00", "\ude00\ud83d", "a\ud800b", "</script>"})
    void aStringIsReadBackAndIsPrintableAscii(String string) {
        assertThat(read(string).asString()).isEqualTo(string);
        assertThat(Json.of(string)).matches("[ -~]+");
    }

    @Test
    void everyCharacterIsReadBack() {
        for (int c = 0; c <= Character.MAX_VALUE; c += 1 << 8) {
            StringBuilder block = new StringBuilder();
            for (int i = 0; i < 1 << 8; i++) {
                block.append((char) (c + i)).append(' ');
            }
            assertThat(read(block.toString()).asString()).isEqualTo(block.toString());
        }
    }

    @Test
    void valuesKeepTheirTypes() {
        List<Object> list = new ArrayList<>(List.of(1, -2L, 4294967294L, Long.MIN_VALUE, true, false, "x", List.of(), Map.of()));
        list.add(null);
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b\"", list);
        map.put("a", Map.of("c", 1));

        assertThat(Json.of(map)).isEqualTo("{\"b\\\"\":[1,-2,4294967294,-9223372036854775808,true,false,\"x\",[],{},null],"
                + "\"a\":{\"c\":1}}");
        assertThat(read(map).at("/b\"/2").asLong()).isEqualTo(4294967294L);
        assertThat(read(map).at("/b\"/9").isNull()).isTrue();
    }

    @Test
    void otherTypesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.of(List.of(1.5)))
                .withMessage("no JSON for a java.lang.Double");
    }
}
