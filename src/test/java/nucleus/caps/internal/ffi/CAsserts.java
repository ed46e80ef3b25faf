package nucleus.caps.internal.ffi;

import static java.util.stream.Collectors.joining;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A C file that compiles where every claim holds, and nowhere else. */
public record CAsserts(String header, List<String> asserts) {

    /** @param header as it stands behind {@code #include} */
    public static CAsserts of(String header, CFacts facts) {
        List<String> asserts = new ArrayList<>();
        facts.constants().forEach((name, value) -> asserts.add(constant(name, value)));
        for (CFacts.Struct struct : facts.structs()) {
            asserts.add(equal("sizeof(struct %s)".formatted(struct.name()), struct.size()));
            for (CFacts.Field field : struct.fields()) {
                String member = struct.name() + ", " + field.name();
                asserts.add(equal("offsetof(struct %s)".formatted(member), field.offset()));
                asserts.add(equal("MEMBER_SIZE(struct %s)".formatted(member), field.size()));
            }
        }
        for (CFacts.Function function : facts.functions()) {
            asserts.addAll(function.variadic() ? variadic(function) : fixed(function));
        }
        return new CAsserts(header, List.copyOf(asserts));
    }

    String source() {
        return asserts.stream().collect(joining("\n", """
                #include <stddef.h>
                #include %s
                #define MEMBER_SIZE(type, member) sizeof(((type *) 0)->member)
                """.formatted(header), "\n"));
    }

    private static String constant(String name, long value) {
        // A word of a filter is unsigned in C, and the same 32 bits in Java.
        String equal = equal(name.startsWith("AUDIT_ARCH_") ? "(int) " + name : name, value);
        // Numbers of system calls differ between processors; those of the bindings are x86-64's.
        return name.startsWith("SYS_") ? "#ifdef __x86_64__\n" + equal + "\n#endif" : equal;
    }

    /** Compared in 64 bits: a value that was cut to fit an int is not equal. */
    private static String equal(String expression, long value) {
        return holds("(long long) (%s) == %dLL".formatted(expression, value), "%s is %d".formatted(expression, value));
    }

    /**
     * The cast asks gcc's -Wcast-function-type, which compares as a calling convention does: how many parameters, each
     * pointer or integer, and how wide. The second line adds what it lets pass: a type without a prototype is
     * compatible with any that returns the same and does not end in dots.
     */
    private static List<String> fixed(CFacts.Function function) {
        String name = function.name();
        String result = result(function.type());
        String pointer = "%s (*)(%s)".formatted(result, parameters(function.type()));
        return List.of(
                holds("sizeof((%s) %s) == sizeof(void *)".formatted(pointer, name), name + " is called as " + pointer),
                compatible(name, result + " ()"));
    }

    /** Exactly this type, sign and all: the cast compares variadic functions too loosely. */
    private static List<String> variadic(CFacts.Function function) {
        return List.of(compatible(function.name(),
                "%s (%s, ...)".formatted(result(function.type()), parameters(function.type()))));
    }

    private static String compatible(String function, String type) {
        return holds("__builtin_types_compatible_p(__typeof__(%s), %s)".formatted(function, type),
                "%s is compatible with %s".formatted(function, type));
    }

    private static String holds(String condition, String claim) {
        return "_Static_assert(%s, \"%s\");".formatted(condition, claim);
    }

    private static String result(FunctionDescriptor type) {
        return type.returnLayout().map(CAsserts::inC).orElse("void");
    }

    private static String parameters(FunctionDescriptor type) {
        return type.argumentLayouts().isEmpty() ? "void"
                : type.argumentLayouts().stream().map(CAsserts::inC).collect(joining(", "));
    }

    private static String inC(MemoryLayout layout) {
        return switch (layout) {
            case AddressLayout _ -> "void *";
            case ValueLayout.OfInt _ -> "int";
            case ValueLayout.OfLong _ -> "long";
            default -> throw new AssertionError("no type of C is known here for " + layout);
        };
    }
}
