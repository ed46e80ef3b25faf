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

    /** {@return how many are taken, by both alike} */
    private static long takenAlike(List<String> texts, int known, CapabilitySet supported) {
        List<Optional<LibcapTexts.Answer>> theirs = libcap.read(texts, known);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Optional<LibcapTexts.Answer> ours = ours(texts.get(i), supported);
            Optional<LibcapTexts.Answer> expected = LeadingZero.isIn(texts.get(i)) ? Optional.empty() : theirs.get(i);
            if (!ours.equals(expected)) {
                differences.add("\"" + texts.get(i) + "\": " + ours + ", libcap: " + theirs.get(i));
            }
        }
        assertThat(differences).isEmpty();
        return theirs.stream().filter(Optional::isPresent).count();
    }

    private static List<String> texts(long seed, int count) {
        return Stream.generate(new StateTexts(seed)::next).limit(count).toList();
    }

    /** As many are taken as are refused, or nearly: else it would be a test of one half. */
    @ParameterizedTest
    @CsvSource({"41, 200000", "36, 20000", "40, 20000", "42, 20000", "64, 20000"})
    void aTextMeansTheSameOrIsRefused(int known, int count) {
        assertThat(takenAlike(texts(SEED + known, count), known, first(known)))
                .isBetween(count / 4L, count * 3L / 4);
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
        assertThat(takenAlike(texts(SEED, 20_000), 0, Caps.supported())).isPositive();
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
        assertThat(takenAlike(texts, 41, CapabilitySet.ALL)).isPositive();
    }
}
