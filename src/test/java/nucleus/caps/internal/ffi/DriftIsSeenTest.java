package nucleus.caps.internal.ffi;

import static java.lang.foreign.FunctionDescriptor.of;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.FunctionDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nucleus.caps.internal.ffi.CFacts.Field;
import nucleus.caps.internal.ffi.CFacts.Function;
import nucleus.caps.internal.ffi.CFacts.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An audit that cannot fail proves nothing: one lie at a time, it must fail and say why. */
class DriftIsSeenTest {

    record Lie(String name, CAsserts asserts, Gcc gcc, String complaint) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource({"liesAboutConstants", "liesAboutStructs", "liesAboutFunctions", "brokenHarnesses"})
    void auditFailsAndSaysWhy(Lie lie) {
        assertThatThrownBy(() -> lie.gcc().mustAccept(lie.asserts(), 1))
                .isInstanceOf(AssertionError.class).hasMessageContaining(lie.complaint());
    }

    @Test
    @EnabledOnOs(architectures = "amd64", disabledReason = "the bindings hold the numbers of x86-64")
    void auditFailsForAWrongSystemCall() {
        auditFailsAndSaysWhy(constant("wrong system call", "SYS_setresuid", 1, "\"SYS_setresuid is 1\""));
    }

    static Stream<Lie> liesAboutConstants() {
        return Stream.of(
                constant("wrong constant", "EPERM", 2, "static assertion failed: \"EPERM is 2\""),
                constant("cut to 32 bits", "~0u", -1, "static assertion failed: \"~0u is -1\""),
                constant("no such symbol", "CAP_NO_SUCH", 1, "'CAP_NO_SUCH' undeclared"),
                lie("wrong system call of the generic table", "<asm-generic/unistd.h>",
                        CFacts.constants(Map.of("__NR_setresuid", 117L)), "\"__NR_setresuid is 117\""));
    }

    static Stream<Lie> liesAboutStructs() {
        return Stream.of(
                struct("wrong size", new Struct("passwd", 56, List.of()), "\"sizeof(struct passwd) is 56\""),
                struct("no such struct", new Struct("shadow", 8, List.of()), "incomplete type 'struct shadow'"),
                field("wrong offset", new Field("pw_gid", 16, 4), "\"offsetof(struct passwd, pw_gid) is 16\""),
                field("wrong field size", new Field("pw_gid", 20, 8), "\"MEMBER_SIZE(struct passwd, pw_gid) is 8\""),
                field("no such field", new Field("pw_age", 16, 4), "no member named 'pw_age'"));
    }

    static Stream<Lie> liesAboutFunctions() {
        String cast = "cast between incompatible function types";
        String type = "static assertion failed: \"%s is compatible with %s\"";
        return Stream.of(
                fixed("one argument less", "capget", of(JAVA_INT, ADDRESS), cast),
                fixed("one argument more", "capget", of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT), cast),
                fixed("integer for pointer", "capget", of(JAVA_INT, JAVA_LONG, ADDRESS), cast),
                fixed("pointer for integer", "getgrouplist", of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS), cast),
                fixed("wide for narrow", "getgrouplist", of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS), cast),
                fixed("narrow for wide", "getpwnam_r", of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS),
                        cast),
                fixed("wrong result", "capget", of(JAVA_LONG, ADDRESS, ADDRESS), type.formatted("capget", "long ()")),
                fixed("fixed for variadic", "prctl", of(JAVA_INT, JAVA_INT), type.formatted("prctl", "int ()")),
                fixed("no such function", "capfly", of(JAVA_INT, ADDRESS, ADDRESS), "'capfly' undeclared"),
                variadic("variadic for fixed", "capget", of(JAVA_INT, ADDRESS),
                        type.formatted("capget", "int (void *, ...)")),
                variadic("wrong variadic result", "syscall", of(JAVA_INT, JAVA_LONG),
                        type.formatted("syscall", "int (long, ...)")),
                variadic("wrong variadic base", "prctl", of(JAVA_INT, JAVA_LONG),
                        type.formatted("prctl", "int (long, ...)")));
    }

    static Stream<Lie> brokenHarnesses() {
        CAsserts truth = CAsserts.of(BindingsDriftTest.HEADER, CFacts.ofTheBindings());
        return Stream.of(
                lie("nothing generated", BindingsDriftTest.HEADER, CFacts.constants(Map.of()), "only 0 asserts, not 1"),
                lie("no such header", "\"linux_cups.h\"", CFacts.constants(Map.of("EPERM", 1L)), "No such file"),
                new Lie("no gcc", truth, broken("/nonexistent/gcc"), "install gcc and linux-libc-dev"),
                new Lie("gcc crashes", truth, broken("sh", "-c", "echo ice; kill -SEGV $$"),
                        "gcc ended with 139 and said:\nice"),
                new Lie("gcc is killed", truth, broken("sh", "-c", "kill -KILL $$"), "gcc ended with 137"),
                new Lie("gcc only mutters", truth, broken("echo"), "gcc ended with 0 and said:\n-std=gnu11"),
                new Lie("gcc hangs", truth, new Gcc(List.of("sh", "-c", "exec sleep 60"), Duration.ofMillis(500)),
                        "gcc did not end in PT0.5S"));
    }

    private static Lie constant(String name, String constant, long value, String complaint) {
        return lie(name, BindingsDriftTest.HEADER, CFacts.constants(Map.of(constant, value)), complaint);
    }

    private static Lie struct(String name, Struct struct, String complaint) {
        return lie(name, BindingsDriftTest.HEADER, new CFacts(Map.of(), List.of(struct), List.of()), complaint);
    }

    private static Lie field(String name, Field field, String complaint) {
        return struct(name, new Struct("passwd", 48, List.of(field)), complaint);
    }

    private static Lie fixed(String name, String function, FunctionDescriptor type, String complaint) {
        return function(name, new Function(function, type, false), complaint);
    }

    private static Lie variadic(String name, String function, FunctionDescriptor type, String complaint) {
        return function(name, new Function(function, type, true), complaint);
    }

    private static Lie function(String name, Function function, String complaint) {
        return lie(name, BindingsDriftTest.HEADER, new CFacts(Map.of(), List.of(), List.of(function)), complaint);
    }

    private static Lie lie(String name, String header, CFacts facts, String complaint) {
        return new Lie(name, CAsserts.of(header, facts), Gcc.INSTALLED, complaint);
    }

    private static Gcc broken(String... command) {
        return new Gcc(List.of(command), Duration.ofSeconds(60));
    }
}
