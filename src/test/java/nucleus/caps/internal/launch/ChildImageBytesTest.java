package nucleus.caps.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes in {@link ChildImage} are what the assembler makes of the commented sources beside it. */
class ChildImageBytesTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void bytesAreThoseOfTheSource(Machines machine) throws IOException {
        assertThat(machine.image().code()).containsExactly(Files.readAllBytes(machine.assembled(directory)));
    }

    @ParameterizedTest
    @EnumSource
    void itIsTheImageOfThatProcessor(Machines machine) {
        assertThat(ChildImage.of(machine.osArch())).isEqualTo(machine.image());
    }

    @Test
    void anotherProcessorIsRefusedByName() {
        assertThatThrownBy(() -> ChildImage.of("riscv64")).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("riscv64");
    }
}
