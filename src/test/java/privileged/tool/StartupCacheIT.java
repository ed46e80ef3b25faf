package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Command;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** {@code scripts/caps} starts from a cache, and prints the same without one. */
@Privileged
@SameInContainers
class StartupCacheIT {

    private static final List<String> NOBODY =
            List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps", "-all");
    private static final Command.Result DECODED = new Command.Result(0, "0x0000000000000001=cap_chown\n");
    private static final String CACHED = "nucleus.caps.tool.CapsTool source: shared objects file";

    /** A cache takes seconds to make, so all tests share one. */
    private static final class Shared {
        static final Checkout CHECKOUT = new Checkout();
        static final Command.Result FIRST = CHECKOUT.caps("decode", "1");
        static final List<Path> MADE = CHECKOUT.caches();
    }

    @TempDir
    private Path directory;
    private Path cache;
    private Path good;

    @BeforeEach
    void keepTheCache() throws IOException {
        assertThat(Shared.MADE).hasSize(1);
        cache = Shared.MADE.getFirst();
        good = Files.copy(cache, directory.resolve("good"));
    }

    @AfterEach
    void restoreTheCache() throws IOException {
        Files.copy(good, cache, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void theFirstCommandMakesACacheAndLaterCommandsUseIt() throws IOException {
        FileTime made = Files.getLastModifiedTime(cache);
        assertThat(Shared.FIRST).isEqualTo(DECODED);
        assertThat(Shared.CHECKOUT.caps("decode", "1")).isEqualTo(DECODED);
        assertThat(loadedClasses()).contains(CACHED);
        assertThat(Files.getLastModifiedTime(cache)).isEqualTo(made);
    }

    /** A drop prints what the kernel holds. So a class that the cache brings in a wrong state shows. */
    @Test
    void aDropFromTheCachePrintsTheSame() {
        List<String> without = drop(Map.of("JDK_JAVA_OPTIONS", "-Xshare:auto"));
        assertThat(without).contains("== dropped and verified");
        assertThat(drop(Map.of())).isEqualTo(without);
    }

    /** Leaves out the advice on a directory, which another process may make at this moment. */
    private static List<String> drop(Map<String, String> environment) {
        Command.Result result = Shared.CHECKOUT.caps(List.of(), environment, "drop", "--uid", "65534", "--gid", "65534");
        assertThat(result.status()).as(result.output()).isZero();
        return result.output().lines().filter(line -> !line.contains("threads: ") && !line.startsWith("NOTE: ")
                && !line.startsWith("caps: if this program uses ")).toList();
    }

    /** Whatever a cache is called, the JVM itself checks the time stamp of the jar. */
    @Test
    void anotherBuildGetsAnotherCacheAndRejectsTheOld() throws IOException {
        FileTime built = Files.getLastModifiedTime(Shared.CHECKOUT.jar());
        try {
            Files.setLastModifiedTime(Shared.CHECKOUT.jar(), FileTime.fromMillis(System.currentTimeMillis() + 5000));
            assertThat(Shared.CHECKOUT.caps("decode", "1")).isEqualTo(DECODED);
            assertThat(Shared.CHECKOUT.caches()).hasSize(1).doesNotContain(cache);
            assertThat(loadedClasses()).contains(CACHED);

            Files.copy(good, Shared.CHECKOUT.caches().getFirst(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(Shared.CHECKOUT.caps("decode", "1")).isEqualTo(DECODED);
            assertThat(loadedClasses()).doesNotContain(CACHED);
        } finally {
            Files.delete(Shared.CHECKOUT.caches().getFirst());
            Files.setLastModifiedTime(Shared.CHECKOUT.jar(), built);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5000, 5_000_000})
    void aDamagedCacheIsIgnoredInSilence(int length) throws IOException {
        Files.write(cache, Arrays.copyOf(Files.readAllBytes(good), length));
        assertThat(Shared.CHECKOUT.caps("decode", "1")).isEqualTo(DECODED);
    }

    @Test
    void aUserWhoCannotWriteStartsWithoutACache() throws IOException {
        Files.delete(cache);
        assertThat(Shared.CHECKOUT.caps(NOBODY, Map.of(), "decode", "1")).isEqualTo(DECODED);
        assertThat(Shared.CHECKOUT.caches()).isEmpty();
    }

    @Test
    void aUserWhoCannotReadTheCacheStartsWithoutIt() {
        Command.run("chmod", "600", cache.toString());
        assertThat(Shared.CHECKOUT.caps(NOBODY, Map.of(), "decode", "1")).isEqualTo(DECODED);
    }

    /** The first two differ from what the cache was made with. With the others, the JVM refuses to start from a cache. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:-UseCompressedOops", "--add-modules=java.sql", "-Xshare:off", "-Xshare:auto",
        "-XX:SharedClassListFile=none"})
    void optionsOfTheUserThatDoNotFitAreNoError(String option) {
        assertThat(Shared.CHECKOUT.caps(List.of(), Map.of("JDK_JAVA_OPTIONS", option), "decode", "1")).isEqualTo(
                new Command.Result(0, "NOTE: Picked up JDK_JAVA_OPTIONS: " + option + "\n" + DECODED.output()));
    }

    private String loadedClasses() throws IOException {
        Path log = directory.resolve("classes");
        Shared.CHECKOUT.caps(List.of(), Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + log), "decode", "1");
        return Files.readString(log);
    }
}
