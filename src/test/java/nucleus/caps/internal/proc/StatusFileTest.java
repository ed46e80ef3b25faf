package nucleus.caps.internal.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A status file is read line by line. A missing line is an error, never a default. */
class StatusFileTest {

    private static final String TEXT = """
            Name:\tPid: 7\\nUid:
            State:\tS (sleeping)
            Tgid:\t41
            Pid:\t42
            Uid:\t0\t1\t2\t4294967295
            Gid:\t3\t4\t5\t6
            Groups:\t24 7\s
            CapInh:\t0000000000000001
            CapPrm:\t0000000000000002
            CapEff:\t8000000000000004
            CapBnd:\t0000000000000008
            CapAmb:\t0000000000000010
            NoNewPrivs:\t1
            Threads:\t17""";

    private static StatusFile status(String text) {
        return new StatusFile("made up", text);
    }

    @Test
    void readsEachLine() {
        ThreadStatus thread = status(TEXT).threadStatus();
        assertThat(thread.name()).isEqualTo("Pid: 7\\nUid:");
        assertThat(thread.tid()).isEqualTo(42);
        assertThat(thread.uids()).isEqualTo(new Ids(0, 1, 2, 4294967295L));
        assertThat(thread.gids()).isEqualTo(new Ids(3, 4, 5, 6));
        assertThat(thread.groups()).containsExactly(7L, 24L);
        assertThat(thread.sets().inheritable().bits()).isEqualTo(1);
        assertThat(thread.sets().permitted().bits()).isEqualTo(2);
        assertThat(thread.sets().effective().bits()).isEqualTo(0x8000000000000004L);
        assertThat(thread.sets().bounding().bits()).isEqualTo(8);
        assertThat(thread.sets().ambient().bits()).isEqualTo(16);
        assertThat(thread.noNewPrivs()).isTrue();
        assertThat(thread.secureBits()).isEmpty();
        assertThat(status(TEXT).threadGroup()).isEqualTo(41);
    }

    @Test
    void readsTheNumberOfThreads() {
        assertThat(status(TEXT).threads()).isEqualTo(17);
        assertThatThrownBy(() -> status("Name:\tx\n").threads()).isInstanceOf(CapsException.class)
                .hasMessageContaining("the file has no line \"Threads\"");
    }

    @Test
    void readsAnEmptyListOfGroups() {
        assertThat(status(TEXT.replace("24 7 ", "")).threadStatus().groups()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Name", "Pid", "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb",
        "NoNewPrivs"})
    void refusesAFileWithoutALine(String key) {
        StatusFile less = status(TEXT.replaceAll("(?m)^" + key + ":.*\n?", ""));
        assertThatThrownBy(less::threadStatus).isInstanceOf(CapsException.class)
                .hasMessageContaining("the file has no line \"" + key + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Z (zombie)", "X (dead)"})
    void knowsAThreadThatHasEnded(String state) {
        assertThat(status(TEXT).ended()).isFalse();
        assertThat(status(TEXT.replace("S (sleeping)", state)).ended()).isTrue();
    }

    @Test
    void readsTheParentAndKnowsTheThreadsOfTheKernel() {
        assertThat(status("PPid:\t7\n").parent()).isEqualTo(7);
        assertThat(status("Name:\tx\nKthread:\t1\nVmSize:\t1 kB\n").ofKernel()).isTrue();
        assertThat(status("Name:\tx\nKthread:\t0\n").ofKernel()).isFalse();
        assertThat(status("Name:\tx\nVmSize:\t1 kB\n").ofKernel()).isFalse();
        assertThat(status("Name:\tx\n").ofKernel()).isTrue();
    }
}
