package nucleus.caps.tool;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON, RFC 8259, in ASCII. Every other character is escaped, so that the output does not depend on the encoding of
 * this JVM and disturbs no terminal. An unpaired surrogate stays one, as an escape.
 */
final class Json {

    private final StringBuilder text = new StringBuilder();

    private Json() {
    }

    /**
     * {@return a value as JSON, in one line}
     *
     * @param value a map with strings as keys, an iterable, a string, a boolean, a number of type Integer or Long, or null
     */
    static String of(@Nullable Object value) {
        Json json = new Json();
        json.value(value);
        return json.text.toString();
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> text.append("null");
            case Map<?, ?> map -> object(map);
            case Iterable<?> list -> array(list);
            case String string -> string(string);
            case Boolean bool -> text.append(bool);
            case Integer number -> text.append(number);
            case Long number -> text.append(number);
            default -> throw new IllegalArgumentException("no JSON for a " + value.getClass().getName());
        }
    }

    private void object(Map<?, ?> map) {
        String separator = "{";
        for (Map.Entry<?, ?> member : map.entrySet()) {
            text.append(separator);
            string((String) member.getKey());
            text.append(':');
            value(member.getValue());
            separator = ",";
        }
        text.append(map.isEmpty() ? "{}" : "}");
    }

    private void array(Iterable<?> list) {
        text.append('[');
        String separator = "";
        for (Object element : list) {
            text.append(separator);
            value(element);
            separator = ",";
        }
        text.append(']');
    }

    private void string(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                text.append(c);
            } else {
                text.append("\\u%04x".formatted((int) c));
            }
        }
        text.append('"');
    }
}
