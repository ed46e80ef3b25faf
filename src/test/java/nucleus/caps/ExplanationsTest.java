package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationsTest {

    @ParameterizedTest
    @EnumSource
    void eachHasAParagraphOfItsOwn(Capability capability) {
        assertThat(capability.explanation()).hasSizeBetween(100, 1000).hasLineCount(1).endsWith(".")
                .doesNotContain("  ").matches("\\p{ASCII}*");
        assertThat(Capability.values()).filteredOn(other -> other.explanation().equals(capability.explanation()))
                .containsExactly(capability);
    }

    @ParameterizedTest
    @CsvSource({
        "chown,             CAP_CHOWN",
        "setuid,            CAP_SETUID",
        "mount,             CAP_SYS_ADMIN",
        "umount2,           CAP_SYS_ADMIN",
        "ping,              CAP_NET_RAW",
        "iptables,          CAP_NET_ADMIN",
        "1024,              CAP_NET_BIND_SERVICE",
        "reboot,            CAP_SYS_BOOT",
        "shadow,            CAP_CHOWN",
        "mlock,             CAP_IPC_LOCK",
        "settimeofday,      CAP_SYS_TIME",
        "init_module,       CAP_SYS_MODULE",
        "ptrace,            CAP_SYS_PTRACE",
        "open_by_handle_at, CAP_DAC_READ_SEARCH",
        "chmod,             CAP_FOWNER",
        "IMMUTABLE,         CAP_LINUX_IMMUTABLE",
        "net_bind,          CAP_NET_BIND_SERVICE",
    })
    void whatLetsOneDoSomethingIsFound(String word, Capability expected) {
        assertThat(Capability.about(word)).contains(expected);
    }

    @Test
    void theOneOfThatNameComesFirst() {
        assertThat(Capability.about("kill").getFirst()).isEqualTo(Capability.CAP_KILL);
        assertThat(Capability.about("CAP_BPF").getFirst()).isEqualTo(Capability.CAP_BPF);
        assertThat(Capability.about("setfcap").getFirst()).isEqualTo(Capability.CAP_SETFCAP);
        assertThat(Capability.about("bpf").getFirst()).isEqualTo(Capability.CAP_BPF);
        assertThat(Capability.about("bpf")).contains(Capability.CAP_NET_ADMIN, Capability.CAP_SYS_ADMIN)
                .doesNotContain(Capability.CAP_KILL);
    }

    @Test
    void everyWordMustBeThere() {
        assertThat(Capability.about("bind", "port")).containsExactly(Capability.CAP_NET_BIND_SERVICE);
        assertThat(Capability.about("bind", "frobnicate")).isEmpty();
        assertThat(Capability.about()).containsExactly(Capability.values());
    }

    @Test
    @DefaultLocale("tr-TR")
    void wordsDoNotDependOnTheLocale() {
        assertThat(Capability.about("PING")).containsExactly(Capability.CAP_NET_RAW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"frobnicate", "hown", "\0", " ", ".*", "(2)", "chown(2)x", "\u0130"})
    void whatIsNowhereIsNotFound(String word) {
        assertThat(Capability.about(word)).isEmpty();
    }
}
