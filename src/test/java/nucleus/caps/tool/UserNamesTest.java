package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import org.junit.jupiter.api.Test;

class UserNamesTest {

    @Test
    void eachUidIsLookedUpOnceAndMadeSafe() {
        List<Long> asked = new ArrayList<>();
        UserNames names = new UserNames(uid -> {
            asked.add(uid);
            return uid == 1 ? Optional.of("a\u001bb") : uid == 2 ? Optional.of("") : Optional.empty();
        });

        assertThat(names.text(1)).isEqualTo(names.text(1)).isEqualTo("a?b");
        assertThat(names.of(1)).contains("a\u001bb");
        assertThat(names.text(2)).isEqualTo("2");
        assertThat(names.text(4294967294L)).isEqualTo(names.text(4294967294L)).isEqualTo("4294967294");
        assertThat(asked).containsExactly(1L, 2L, 4294967294L);
    }

    @Test
    void aUidStaysANumberIfTheDatabaseDoesNotAnswer() {
        CapsException refused = catchUnknownUser();
        UserNames names = new UserNames(uid -> {
            throw refused;
        });

        assertThat(names.text(5)).isEqualTo("5");
        assertThat(names.of(5)).isEmpty();
    }

    private static CapsException catchUnknownUser() {
        try {
            throw new AssertionError(Caps.identityOf("no such user"));
        } catch (CapsException e) {
            return e;
        }
    }

    /** getent(1) asks the same database. */
    @Test
    void theDatabaseAnswersAsGetentDoes() throws IOException, InterruptedException {
        for (long uid : new long[] {0, 1, 65534, 3999999999L, 4294967294L}) {
            Process getent = new ProcessBuilder("getent", "passwd", Long.toString(uid)).start();
            String line = new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean found = getent.waitFor() == 0;

            assertThat(Caps.userName(uid)).isEqualTo(found ? Optional.of(line.split(":")[0]) : Optional.empty());
        }
        assertThat(Caps.userName(0)).contains("root");
    }

    @Test
    void whatIsNoUidIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Caps.userName(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Caps.userName(4294967295L));
    }
}
