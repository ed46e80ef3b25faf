package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import nucleus.caps.internal.text.Numbers;

/** Every parser of the library reads the same number from the same word, or refuses the word for the same reason. */
class NumbersTest {

    private static final Map<String, ToLongFunction<String>> PARSERS = Map.of(
            "set", word -> one(CapabilitySet.parse(word)),
            "set of libcap-ng", word -> word.startsWith("0x") ? one(CapabilitySet.parse(word))
                    : one(CapabilitySet.parse("cap_" + word)),
            "all but", word -> one(CapabilitySet.parse("-all,+" + word)),
            "state", word -> one(CapabilityState.parse(word + "=p").permitted()),
            "file", word -> one(FileCapabilities.parse(word + "=p").permitted()),
            "iab", word -> one(Iab.parse("!" + word).dropped()),
            "securebits", word -> SecureBits.parse(word).bits(),
            "number", word -> Numbers.parse("a number", word, 0, 63));

    private static long one(CapabilitySet set) {
        return set.numbers().sum();
    }

    static Stream<Arguments> numbers() {
        return table(Stream.of(arguments("0", 0), arguments("1", 1), arguments("7", 7), arguments("8", 8), arguments("10", 10),
                arguments("40", 40), arguments("0x0", 0), arguments("0x28", 40), arguments("0x8", 8), arguments("0x3f", 63),
                arguments("63", 63), arguments("0x0a", 10), arguments("0x000A", 10)));
    }

    static Stream<Arguments> leadingZeros() {
        return table(Stream.of(arguments("00", "write 0"), arguments("000", "write 0"), arguments("08", "write 8"),
                arguments("09", "write 9"), arguments("01", "write 1"), arguments("007", "write 7"),
                arguments("010", "write 10, or 8 if it is octal"), arguments("040", "write 40, or 32 if it is octal"),
                arguments("0077", "write 77, or 63 if it is octal"), arguments("048", "write 48")));
    }

    private static Stream<Arguments> table(Stream<Arguments> rows) {
        return rows.flatMap(row -> PARSERS.keySet().stream().sorted()
                .map(parser -> arguments(parser, row.get()[0], row.get()[1])));
    }

    @ParameterizedTest
    @MethodSource
    void numbers(String parser, String word, long number) {
        assertThat(PARSERS.get(parser).applyAsLong(word)).isEqualTo(number);
    }

    @ParameterizedTest
    @MethodSource
    void leadingZeros(String parser, String word, String instead) {
        assertThatIllegalArgumentException().isThrownBy(() -> PARSERS.get(parser).applyAsLong(word))
                .withMessageContaining("number").withMessageEndingWith(" has no leading zero, because some programs read \""
                        + word + "\" as octal; " + instead);
    }

    @ParameterizedTest
    @CsvSource(value = {"''", "-1", "+1", "1_0", "0b1", "0o7", "0x", "0x-1", "x1", "1e1", "1.0", "1L", "\u0661", "\uff11",
        "'1 '", "' 1'", "64", "0x40", "18446744073709551616", "0x10000000000000001", "99999999999999999999999999"})
    void noNumbers(String word) {
        assertThatIllegalArgumentException().isThrownBy(() -> Numbers.parse("a number", word, 0, 63))
                .withMessage("a number is within 0 to 63, not \"" + word + "\"");
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "5, true", "6, false"})
    void boundsAreInclusive(String word, boolean valid) {
        if (valid) {
            assertThat(Numbers.parse("a uid", word, 1, 5)).isEqualTo(Long.parseLong(word));
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> Numbers.parse("a uid", word, 1, 5))
                    .withMessage("a uid is within 1 to 5, not \"" + word + "\"");
        }
    }
}
