package privileged.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Command;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The model of the kernel that the unit tests of the planner use answers as the kernel does. */
@Privileged
@SameInContainers
class ModelAgainstKernelIT {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theModelAnswersAsTheKernelDoes(long seed) throws Exception {
        String path = String.join(File.pathSeparator, System.getProperty("caps.classes"),
                System.getProperty("caps.testClasses"));
        String output = Command.run(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", path,
                "nucleus.caps.internal.plan.ModelAgainstKernel", Long.toString(seed), "1000");
        assertThat(output).matches("compared 14000 changes, of which refused [4-9][0-9]{3}\\R");
    }
}
