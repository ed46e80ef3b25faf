package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same texts and the same states, given to this library and to the installed libcap. */
class StateAgainstLibcapTest {

    private static final long SEED = 0x6c_6962_6361_70L;

    @TempDir
    private static Path directory;

    private static LibcapTexts libcap;

    @BeforeAll
    static void compile() {
        libcap = new LibcapTexts(directory);
    }

    private static CapabilitySet first(int known) {
        return new CapabilitySet(known == Long.SIZE ? -1 : (1L << known) - 1);
    }

    private static Optional<LibcapTexts.Answer> ours(String text, CapabilitySet supported) {
        try {
            CapabilityState state = CapabilityState.parse(text, supported);
            return Optional.of(new LibcapTexts.Answer(state, state.toText(supported)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<String> differences(List<String> texts, int known, CapabilitySet supported) {
        List<Optional<LibcapTexts.Answer>> theirs = libcap.read(texts, known);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Optional<LibcapTexts.Answer> ours = ours(texts.get(i), supported);
            if (!ours.equals(theirs.get(i))) {
                differences.add("\"" + texts.get(i) + "\": " + ours + ", libcap: " + theirs.get(i));
            }
        }
        return differences;
    }

    /** As many are taken as are refused, or nearly: else it would be a test of one half. */
    @ParameterizedTest
    @CsvSource({"41, 200_000", "36, 20_000", "40, 20_000", "42, 20_000", "64, 20_000"})
    void aTextMeansTheSameOrIsRefused(int known, String count) {
        StateTexts generator = new StateTexts(SEED + known);
        List<String> texts = Stream.generate(generator::next).limit(Integer.parseInt(count.replace("_", ""))).toList();

        assertThat(differences(texts, known, first(known))).isEmpty();
        assertThat(texts.stream().filter(text -> ours(text, first(known)).isPresent()).count())
                .isBetween(texts.size() / 4L, texts.size() * 3L / 4);
    }

    @ParameterizedTest
    @CsvSource({"41, 60000", "36, 20000", "40, 20000", "42, 20000", "64, 20000"})
    void aStateIsWrittenTheSameAndReadBack(int known, int count) {
        StateTexts generator = new StateTexts(SEED - known);
        List<CapabilityState> states = Stream.generate(generator::state).limit(count).toList();
        List<String> theirs = libcap.write(states, known);

        assertThat(states.stream().map(state -> state.toText(first(known)))).containsExactlyElementsOf(theirs);
        assertThat(theirs.stream().map(text -> CapabilityState.parse(text, first(known))))
                .containsExactlyElementsOf(states);
    }

    @Test
    void onThisKernelTooWithWhatItIsSaidToKnow() {
        StateTexts generator = new StateTexts(SEED);
        List<String> texts = Stream.generate(generator::next).limit(20_000).toList();

        assertThat(differences(texts, 0, Caps.supported())).isEmpty();
    }

    /** Every text of up to five of the letters that matter to the grammar. */
    @Test
    void everyShortTextMeansTheSameOrIsRefused() {
        List<String> texts = new ArrayList<>(List.of(""));
        for (int i = 0; i < texts.size() && texts.get(i).length() < 5; i++) {
            for (char letter : "=+-ep,0 ".toCharArray()) {
                texts.add(texts.get(i) + letter);
            }
        }
        assertThat(texts).hasSize(1 + 8 + 64 + 512 + 4096 + 32768);
        assertThat(differences(texts, 41, CapabilitySet.ALL)).isEmpty();
    }
}
