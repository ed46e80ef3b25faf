package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which C libraries are known, by the files that a process has mapped. */
class LibCTest {

    private static String maps(String library) {
        return """
                55d0c0a00000-55d0c0a01000 r--p 00000000 fe:01 131 /usr/lib/jvm/bin/java
                7f0000000000-7f0000001000 rw-p 00000000 00:00 0\s
                7f1000000000-7f1000014000 r--p 00000000 fe:01 132 %s
                7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0 [stack]
                """.formatted(library);
    }

    @Test
    void acceptsTheLibraryOfThisProcess() {
        assertThatCode(LibC::require).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"})
    void acceptsMusl(String library) {
        assertThatCode(() -> LibC.require(maps(library))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "/system/lib64/libc.so,       /system/lib64/libc.so",
        "/lib/libc.so.0,              /lib/libc.so.0",
        "/lib/ld-uClibc-1.0.44.so,    /lib/ld-uClibc-1.0.44.so",
        "/opt/libc-other/libx.so,     another",
        "/usr/lib/libcap.so.2,        another",
    })
    void namesAnotherLibrary(String library, String named) {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> LibC.require(maps(library)))
                .withMessage("Scope.PROCESS needs glibc or musl, which leave signal 33 to this"
                        + " library; the C library here is " + named);
    }

    @Test
    void namesNoLibraryWithoutMaps() {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> LibC.require(""))
                .withMessageEndingWith("the C library here is another");
    }
}
