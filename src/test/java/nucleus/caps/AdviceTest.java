package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdviceTest {

    /** Any user can create such a name in /tmp, and the text goes to logs and terminals. */
    @Test
    void isOneLineWhateverAFileIsCalled() {
        assertThat(new Advice(Advice.Kind.OPEN_FILES, "/tmp/a\nWARN b", "\u001b[2J", "c"))
                .hasToString("/tmp/a?WARN b, because ?[2J; c");
    }
}
