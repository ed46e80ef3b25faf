package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the command says, and how it ends, where it changes nothing. */
class CapsToolTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int caps(String... words) {
        return new CapsTool().run(new PrintWriter(out), new PrintWriter(err), words);
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        Writer full = new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public void flush() {
                // nothing is held back
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        assertThat(new CapsTool().run(new PrintWriter(full), new PrintWriter(err), "decode", "1")).isOne();
        assertThat(err).hasToString("caps: the output could not be written\n");
    }

    static Stream<Arguments> badUsage() {
        return Stream.of(
                arguments("frobnicate", "there is no command \"frobnicate\""),
                arguments("shwo", "there is no command \"shwo\"; the nearest is show"),
                arguments("show 1 2", "show takes one PID, not 2; options stand before it"),
                arguments("threads 1 2", "threads takes one PID, not 2; options stand before it"),
                arguments("show x", "a PID is within 1 to 4294967295, not \"x\""),
                arguments("threads 012", "a PID has no leading zero, because some programs read \"012\" as octal; write 12,"
                        + " or 10 if it is octal"),
                arguments("show -1", "show has no option \"-1\""),
                arguments("show --json --json", "--json is given twice"),
                arguments("show -- -1", "a PID is within 1 to 4294967295, not \"-1\""),
                arguments("drop", "without --uid it stays root, even with no capability left; if you want that, say"
                        + " --stay-root"),
                arguments("drop --gid 5", "--gid needs --uid"),
                arguments("drop --uid 5", "--uid 5 needs --gid; only a NAME brings its own"),
                arguments("drop --uid 0 --gid 5", "uid 0, gid 5, groups [] is still root, even with no capability"
                        + " left; if you want that, say --stay-root"),
                arguments("drop --uid 5 --gid 0", "uid 5, gid 0, groups [] is still root, even with no capability"
                        + " left; if you want that, say --stay-root"),
                arguments("drop --uid", "--uid needs a value"),
                arguments("drop --uid 5 --uid 6", "--uid is given twice"),
                arguments("drop --uid 4294967295 --gid 5", "--uid is within 0 to 4294967294, not \"4294967295\""),
                arguments("drop --uid 5 --gid 0x1ffffffff", "--gid is within 0 to 4294967294, not \"0x1ffffffff\""),
                arguments("drop --uid 5 --gid 5 --keep bpff", "--keep: no capability is named \"bpff\"; the nearest is"
                        + " cap_bpf"),
                arguments("drop --uid 5 --gid 5 --keep 64", "--keep: a capability's number is within 0 to 63, not \"64\""),
                arguments("drop --uid 5 --gid 5 --scope all", "--scope is thread or process, not \"all\""),
                arguments("drop --uid 5 --gid 5 --secure-bits root", "--secure-bits: no securebit is named \"root\";"
                        + " there are noroot, no_setuid_fixup, keep_caps, no_cap_ambient_raise, exec_restrict_file,"
                        + " exec_deny_interactive, and each with _locked"),
                arguments("drop --uid 5 --gid 5 --secure-bits keep_caps", "--secure-bits: keep_caps is never left on"),
                arguments("drop --unprivileged --keep kill", "--unprivileged and --keep exclude each other"),
                arguments("drop --unprivileged --stay-root", "--unprivileged and --stay-root exclude each other"),
                arguments("drop --stay-root=yes", "--stay-root has no value"),
                arguments("drop --stay-root now", "drop has no option \"now\""),
                arguments("drop --gid 5", "--gid needs --uid"),
                arguments("drop --unprivileged --scope all", "--scope is thread or process, not \"all\""),
                arguments("drop --user 5", "drop has no option \"--user\""),
                arguments("run", "run needs a command"),
                arguments("run --uid 5 --gid 5 --", "run needs a command"),
                arguments("run --stay-root -- id", "run has no option \"--stay-root\""),
                arguments("run -- printf a\ufffdb", "a word is no text in the encoding of this JVM, "
                        + System.getProperty("sun.jnu.encoding") + ": LC_ALL=C.UTF-8 may help"),
                arguments("run --uid -- id", "--uid needs a value"),
                arguments("run --uid 5 --uid 5 -- id", "--uid is given twice"),
                arguments("run --uid 5 -- id", "--uid 5 needs --gid; only a NAME brings its own"),
                arguments("run --groups 5 --keep-groups -- id", "--keep-groups and --groups exclude each other"),
                arguments("run --init-groups --clear-groups -- id", "--init-groups and --clear-groups exclude each other"),
                arguments("run --umask 8 -- id", "--umask is octal, from 0 to 0777, not \"8\""),
                arguments("run --umask 1000 -- id", "--umask is octal, from 0 to 0777, not \"1000\""),
                arguments("run --pdeathsig NOW -- id", "--pdeathsig is keep, clear or a signal such as KILL, not \"NOW\""),
                arguments("run --wait --pdeathsig KILL -- id", "--wait and --pdeathsig exclude each other"),
                arguments("run --unprivileged --ambient kill -- id", "--unprivileged and --ambient exclude each other"),
                arguments("run --groups 5,010 -- id",
                        "--groups has no leading zero, because some programs read \"010\" as octal; write 10,"
                                + " or 8 if it is octal"),
                arguments("run --groups 5, -- id", "--groups: not the name of a group: \"\""),
                arguments("run --keep bpff -- id",
                        "--keep: no capability is named \"bpff\"; the nearest is cap_bpf"),
                arguments("run --ambient 64 -- id", "--ambient: a capability's number is within 0 to 63, not \"64\""),
                arguments("run --iab ^cap_chown --keep kill -- id", "--iab and --keep exclude each other"),
                arguments("run --iab ^cap_chown --ambient kill -- id", "--iab and --ambient exclude each other"),
                arguments("run --iab ^cap_cow -- id", "--iab: invalid IAB text, at 1 of \"^cap_cow\": no capability is named"
                        + " \"cap_cow\"; names begin with cap_"),
                arguments("run --secure-bits root -- id", "--secure-bits: no securebit is named \"root\"; there are noroot,"
                        + " no_setuid_fixup, keep_caps, no_cap_ambient_raise, exec_restrict_file, exec_deny_interactive,"
                        + " and each with _locked"),
                arguments("run --no-new-privs --allow-new-privs -- id",
                        "--no-new-privs and --allow-new-privs exclude each other"),
                arguments("run --no-namespaces --allow-new-privs -- id",
                        "--no-namespaces and --allow-new-privs exclude each other"),
                arguments("run --no-exec -- id", "run has no option \"--no-exec\""));
    }

    @ParameterizedTest
    @MethodSource("badUsage")
    void badUsageEndsWithTwoAndOneLine(String words, String message) {
        assertThat(caps(words.split(" "))).isEqualTo(2);
        assertThat(err).hasToString("caps: " + message + " (caps --help)" + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anUnknownUserOrProcessEndsWithOneAndOneLine() {
        assertThat(caps("drop", "--uid", "no such user")).isEqualTo(1);
        assertThat(caps("show", "4294967294")).isEqualTo(1);
        assertThat(err.toString().lines()).containsExactly(
                "caps: getpwnam_r(\"no such user\"): there is no such user",
                "caps: open(/proc/4294967294/status): ESRCH: there is no process 4294967294");
    }

    @Test
    void showPrintsEveryAspectOfTheCallingThread() {
        assertThat(caps("show")).isZero();
        assertThat(out.toString().lines().map(line -> line.strip().split("\\s+")[0])).containsExactly("thread",
                "bounding", "permitted", "effective", "inheritable", "ambient", "no_new_privs", "uid", "gid",
                "groups", "securebits");
        assertThat(out.toString()).contains("permitted     " + Caps.thread().sets().permitted());
    }

    @Test
    void threadsThatHoldTheSameAreOneBlock() {
        assertThat(caps("threads")).isZero();
        assertThat(out.toString().lines().filter(line -> !line.startsWith(" "))).hasSize(1)
                .allMatch(line -> line.matches("\\d+ threads: \\d+ \\(.*"));
        assertThat(out.toString()).contains("securebits    none");
    }

    @Test
    void whatDiffersFromMostThreadsIsMarked() {
        ThreadStatus usual = Caps.thread();
        ThreadStatus other = new ThreadStatus(7, "other", usual.credentials().withNoNewPrivs(!usual.noNewPrivs()));
        assertThat(Table.of(List.of(other, usual, usual)).lines().filter(line -> line.startsWith("*")))
                .containsExactly("* no_new_privs  yes");
    }

    @Test
    void aNameInJavaIsShownWhereItSaysMore() {
        ThreadStatus usual = Caps.thread().withJavaName(Caps.thread().name());
        assertThat(Table.of(usual)).startsWith("thread " + usual.tid() + " (" + usual.name() + ")" + System.lineSeparator());
        assertThat(Table.of(usual.withJavaName("a \u001bname\nthat is longer"))).startsWith("thread " + usual.tid() + " ("
                + usual.name() + ", in Java \"a ?name?that is longer\")" + System.lineSeparator());
    }

    @Test
    void theSecurebitsOfAnotherProcessAreNotKnown() {
        assertThat(caps("show", Long.toString(ProcessHandle.current().pid()))).isZero();
        assertThat(out.toString()).contains("securebits    ?");
    }
}
