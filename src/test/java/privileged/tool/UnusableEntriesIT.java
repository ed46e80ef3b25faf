package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Command.Result;
import privileged.harness.Command;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** Entries of the user and group databases with the id 4294967295, which system calls read as "unchanged". */
@Privileged(also = CapMasks.FOR_NAMESPACES)
@SameInContainers
class UnusableEntriesIT {

    /** Runs id(1) by the command, with two more users and one more group. */
    private static Result run(Path directory, String options) throws IOException {
        Path users = directory.resolve("passwd");
        Path groups = directory.resolve("group");
        Files.writeString(users, Files.readString(Path.of("/etc/passwd"))
                + "nouid:x:4294967295:100::/:/bin/sh\nnogid:x:1234:4294967295::/:/bin/sh\n");
        Files.writeString(groups, Files.readString(Path.of("/etc/group")) + "everybody:x:4294967295:\nlastly:x:4294967294:\n");
        return Command.result("unshare", "--mount", "sh", "-c", "mount --bind " + users + " /etc/passwd && mount --bind " + groups
                + " /etc/group && exec " + String.join(" ", CapsRun.program("run")) + " " + options + " -- id -G");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "--uid nouid | getpwnam_r(\"nouid\"): the entry cannot be used: uid must be 0 to 4294967294, not 4294967295;"
                + " the kernel reads this number as \"unchanged\"",
        "--uid nogid | getpwnam_r(\"nogid\"): the entry cannot be used: gid must be 0 to 4294967294, not 4294967295;"
                + " the kernel reads this number as \"unchanged\"",
        "--uid 5 --gid everybody | getgrnam_r(\"everybody\"): the entry cannot be used: its gid is 4294967295",
        "--uid 5 --gid 5 --groups 4,everybody | getgrnam_r(\"everybody\"): the entry cannot be used: its gid is 4294967295",
    })
    void areRefused(String options, String message, @TempDir Path directory) throws IOException {
        assertThat(run(directory, options)).isEqualTo(new Result(125, "caps: " + message + "\n"));
    }

    @Test
    void largestIdCanBeUsed(@TempDir Path directory) throws IOException {
        assertThat(run(directory, "--uid 5 --gid lastly --groups 4")).isEqualTo(new Result(0, "4294967294 4\n"));
    }
}
