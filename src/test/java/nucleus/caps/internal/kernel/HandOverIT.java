package nucleus.caps.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Command;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** Which files of a tree get a new owner, and which trees are refused. */
@Privileged(also = CapMasks.CHOWN)
@SameInContainers
class HandOverIT {

    private static final Identity SOMEBODY = Identity.of(65533, 65532);
    private static final String THEIRS = "65533:65532";
    private static final String OURS = "0:0";

    @TempDir
    private Path place;
    private Path tree;
    private Path outside;

    @BeforeEach
    void make() throws IOException {
        tree = Files.createDirectories(place.resolve("tree/inner")).getParent();
        Files.createFile(tree.resolve("a"));
        Files.createFile(tree.resolve("inner/b"));
        outside = Files.createFile(Files.createDirectory(place.resolve("outside")).resolve("secret"));
    }

    private boolean give(Path... trees) {
        return new HandOver(SOMEBODY).give(List.of(trees));
    }

    private static String owner(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS) + ":"
                + Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void givesEveryFileOnce() throws IOException {
        Command.run("mkfifo", tree.resolve("pipe").toString());
        assertThat(give(tree)).isTrue();
        for (String file : List.of("", "a", "inner", "inner/b", "pipe")) {
            assertThat(owner(tree.resolve(file))).as(file).isEqualTo(THEIRS);
        }
        assertThat(owner(place)).isEqualTo(OURS);
        assertThat(give(tree)).isFalse();
    }

    @Test
    void givesASingleFile() throws IOException {
        assertThat(give(tree.resolve("a"))).isTrue();
        assertThat(owner(tree.resolve("a"))).isEqualTo(THEIRS);
        assertThat(owner(tree)).isEqualTo(OURS);
    }

    @Test
    void givesALinkAndNotItsTarget() throws IOException {
        Files.createSymbolicLink(tree.resolve("file"), outside);
        Files.createSymbolicLink(tree.resolve("directory"), outside.getParent());
        assertThat(give(tree)).isTrue();
        assertThat(owner(tree.resolve("file"))).isEqualTo(THEIRS);
        assertThat(owner(tree.resolve("directory"))).isEqualTo(THEIRS);
        assertThat(owner(outside)).isEqualTo(OURS);
        assertThat(owner(outside.getParent())).isEqualTo(OURS);
    }

    @Test
    void clearsTheSetUserIdBit() throws IOException {
        Path program = tree.resolve("a");
        Command.run("chmod", "6755", program.toString());
        give(tree);
        assertThat((Integer) Files.getAttribute(program, "unix:mode") & 07777).isEqualTo(0755);
    }

    @ParameterizedTest
    @CsvSource({"'ln -s tree LINK', LINK, it is a symbolic link", "'ln -s tree LINK', LINK/inner, it is a symbolic link",
        "'mknod tree/inner/node c 0 0', tree, it is a device", "true, tree/a/b, ENOTDIR", "true, none, cannot be opened",
        "'chmod 777 tree/inner; ln outside/secret tree/inner/x', tree, it has 2 hard links",
        "'chown 65533 tree/inner; ln outside/secret tree/inner/x', tree, it has 2 hard links",
        "true, /, the root directory cannot be handed over",
        "'cd tree; for i in $(seq 201); do mkdir d; cd d; done', tree, more than 200 levels"})
    void refusesBeforeAnythingChanges(String script, String asked, String reason) throws IOException {
        Command.run("sh", "-ec", "cd " + place + "; " + script);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> give(tree.resolve("a"), place.resolve(asked)))
                .withMessageContaining(reason).matches(e -> !e.changed());
        for (Path file : List.of(tree, tree.resolve("a"), tree.resolve("inner/b"), outside)) {
            assertThat(owner(file)).as(file.toString()).isEqualTo(OURS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"i", "a"})
    @Privileged(also = CapMasks.CHOWN | CapMasks.LINUX_IMMUTABLE)
    void refusesAFileThatCannotChangeBeforeAnythingChanges(String attribute) throws IOException {
        Path fixed = tree.resolve("inner/b");
        Command.run("chattr", "+" + attribute, fixed.toString());
        try {
            assertThatExceptionOfType(CapsException.class).isThrownBy(() -> give(tree))
                    .withMessage("fchownat(" + fixed + "): handOver: it is immutable or append-only, chattr(1)")
                    .matches(e -> !e.changed());
        } finally {
            Command.run("chattr", "-" + attribute, fixed.toString());
        }
        assertThat(owner(tree.resolve("a"))).isEqualTo(OURS);
    }

    @Test
    void acceptsHardLinksThatOnlyRootCouldMake() throws IOException {
        Files.createLink(tree.resolve("again"), tree.resolve("a"));
        assertThat(give(tree)).isTrue();
        assertThat(owner(tree.resolve("again"))).isEqualTo(THEIRS);
    }

    /** Another process puts a link in the place of a directory, again and again. Whoever wins, nothing outside changes. */
    @Test
    void givesNothingOutsideWhileNamesAreSwapped() throws IOException, InterruptedException {
        Path inner = tree.resolve("inner");
        Path aside = tree.resolve("aside");
        Files.createSymbolicLink(tree.resolve("link"), outside.getParent());
        Thread attacker = Thread.ofPlatform().start(() -> swap(inner, aside, tree.resolve("link")));
        while (attacker.isAlive()) {
            try {
                give(tree);
            } catch (CapsException e) {
                assertThat(e.errnoName()).isIn("", "ENOENT");
            }
            Command.result("chown", "-hR", "0:0", tree.toString());
        }
        attacker.join();
        assertThat(owner(outside)).isEqualTo(OURS);
        assertThat(owner(outside.getParent())).isEqualTo(OURS);
    }

    private static void swap(Path inner, Path aside, Path link) {
        try {
            for (int i = 0; i < 20_000; i++) {
                Files.move(inner, aside, StandardCopyOption.ATOMIC_MOVE);
                Files.move(link, inner, StandardCopyOption.ATOMIC_MOVE);
                Files.move(inner, link, StandardCopyOption.ATOMIC_MOVE);
                Files.move(aside, inner, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
