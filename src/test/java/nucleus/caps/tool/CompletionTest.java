package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The completion scripts, run by the shells. The last word of a line is the one to complete. */
class CompletionTest {

    private static final String BASH = """
            source "$1"; shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            _caps 2>/dev/null
            for word in "${COMPREPLY[@]}"; do printf '%s\\n' "$word"; done
            """;
    /** Stubs take the place of the functions that work only while zsh completes a line. */
    private static final String ZSH = """
            compdef() { }
            source "$1"; shift
            words=("$@"); CURRENT=$#
            _users() { echo USERS }
            _files() { echo FILES }
            _normal() { echo "NORMAL $CURRENT ${words[*]}" }
            compset() { return 0 }
            compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -rl -- "$@" }
            _caps
            """;

    @TempDir
    private Path directory;

    static Stream<Arguments> lines() {
        return Stream.of(
                arguments("caps ex", List.of("explain")),
                arguments("caps -", List.of("-v", "--help")),
                arguments("caps -v thr", List.of("threads")),
                arguments("caps nosuch ", List.of()),
                arguments("caps file ", List.of("get", "set", "remove")),
                arguments("caps file get -", List.of("-r", "-n", "--json", "--help")),
                arguments("caps file set -", List.of("-n", "--help")),
                arguments("caps drop --s", List.of("--stay-root", "--scope", "--secure-bits", "--securebits")),
                arguments("caps drop --scope ", List.of("process", "thread")),
                arguments("caps drop --keep net_b", List.of("net_bind_service", "net_broadcast")),
                arguments("caps run --ambient chown,kill,net_bi", List.of("chown,kill,net_bind_service")),
                arguments("caps run --ambient chown,cap_net_bi", List.of("chown,cap_net_bind_service")),
                arguments("caps run --secure-bits noroot,keep", List.of("noroot,keep_caps", "noroot,keep_caps_locked")),
                arguments("caps run --uid nobod", List.of("nobody")),
                arguments("caps run --gid ", List.of()),
                arguments("caps run --uid nobody --am", List.of("--ambient", "--ambient-caps")),
                arguments("caps run -- env", List.of("env")),
                arguments("caps explain cap_net_b", List.of("cap_net_bind_service", "cap_net_broadcast")),
                arguments("caps help th", List.of("threads")),
                arguments("caps completion ", List.of("bash", "zsh")),
                arguments("caps show 1", List.of("1")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void bashCompletes(String line, List<String> expected) throws Exception {
        List<String> words = run("bash", BASH, line);
        if (line.equals("caps show 1") || line.equals("caps run -- env")) {
            assertThat(words).containsAll(expected); // and other processes and programs
        } else {
            assertThat(words).isEqualTo(expected);
        }
    }

    @Test
    void bashCompletesFiles() throws Exception {
        Path file = Files.createFile(directory.resolve("a file"));
        assertThat(run("bash", BASH, "caps file get " + directory + "/a"))
                .containsExactly(file.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "caps drop --uid x|USERS",
        "caps file set x|FILES",
        "caps -v file remove x|FILES",
        "caps run --uid 5 -- id -u|NORMAL 2 id -u",
        "caps drop --scope x|process thread",
        "caps file x|get set remove",
        "caps ps -x|--tree --all --json --help",
        "caps completion x|bash zsh"})
    void zshCompletes(String line, String expected) throws Exception {
        assertThat(String.join(" ", run("zsh", ZSH, line))).isEqualTo(expected);
    }

    @Test
    void zshCompletesListsOfCapabilities() throws Exception {
        assertThat(run("zsh", ZSH, "caps run --ambient chown,k")).contains("chown", "kill", "checkpoint_restore");
    }

    private List<String> run(String shell, String code, String line) throws IOException, InterruptedException {
        StringWriter script = new StringWriter();
        assertThat(new CapsTool().run(new PrintWriter(script), new PrintWriter(script), "completion", shell)).isZero();
        Path file = Files.writeString(directory.resolve("completion"), script.toString());
        List<String> command = new ArrayList<>(List.of(shell, shell.equals("zsh") ? "-f" : "--norc", "-c", code, shell,
                file.toString()));
        command.addAll(List.of(line.split(" ", -1)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
}
