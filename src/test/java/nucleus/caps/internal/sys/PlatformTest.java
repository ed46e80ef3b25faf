package nucleus.caps.internal.sys;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The platforms that this library knows; it names any other. */
class PlatformTest {

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64", "riscv64"})
    void knowsTheProcessor(String osArch) {
        assertThatCode(() -> Platform.require("Linux", osArch)).doesNotThrowAnyException();
    }

    @Test
    void namesAnotherPlatform() {
        assertThatThrownBy(() -> Platform.require("Linux", "s390x"))
                .isInstanceOf(UnsupportedOperationException.class).hasMessageEndingWith("not s390x");
        assertThatThrownBy(() -> Platform.require("Mac OS X", "aarch64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("nucleus.caps needs Linux, and this system is Mac OS X");
    }
}
