package nucleus.caps.internal.ffi;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Java code claims about C. The claims of the bindings are read from their classes, by the shape that jextract
 * gives each kind; what has no known shape is an error, since nobody would audit it.
 */
public record CFacts(Map<String, Long> constants, List<Struct> structs, List<Function> functions) {

    record Struct(String name, long size, List<Field> fields) {
    }

    record Field(String name, long offset, long size) {
    }

    /** @param type of a variadic function: the part before the dots */
    record Function(String name, FunctionDescriptor type, boolean variadic) {
    }

    public static CFacts constants(Map<String, Long> constants) {
        return new CFacts(constants, List.of(), List.of());
    }

    static CFacts ofTheBindings() {
        return new CFacts(constantsOfTheBindings(), structsOfTheBindings(),
                Stream.concat(fixedFunctions(), variadicFunctions()).toList());
    }

    /** {@return the lines that ask jextract for exactly this} */
    List<String> jextractArguments() {
        return Stream.of(
                constants.keySet().stream().map("--include-constant "::concat),
                structs.stream().map(struct -> "--include-struct " + struct.name()),
                functions.stream().map(function -> "--include-function " + function.name())).flatMap(lines -> lines).toList();
    }

    private static Map<String, Long> constantsOfTheBindings() {
        // A function without parameters looks like a constant, but for its descriptor.
        Set<String> functions = fixedFunctions().map(Function::name).collect(Collectors.toSet());
        Map<String, Long> constants = new TreeMap<>();
        getters(linux_caps_h.class)
                .filter(getter -> !getter.getName().contains("$") && !functions.contains(getter.getName()))
                .forEach(getter -> constants.put(getter.getName(), integer(getter)));
        return constants;
    }

    private static long integer(Method getter) {
        return switch (call(getter, null)) {
            case Integer value -> value;
            case Long value -> value;
            case Object value -> throw new AssertionError("not an integer constant: " + getter + " = " + value);
        };
    }

    private static Stream<Function> fixedFunctions() {
        return gettersEndingIn("$descriptor", linux_caps_h.class)
                .map(getter -> new Function(stem(getter), (FunctionDescriptor) call(getter, null), false));
    }

    private static Stream<Function> variadicFunctions() {
        return Arrays.stream(linux_caps_h.class.getClasses()).map(function -> {
            Object invoker = call(method(function, "makeInvoker", MemoryLayout[].class), null,
                    (Object) new MemoryLayout[0]);
            var type = (FunctionDescriptor) call(method(function, "descriptor"), invoker);
            return new Function(function.getSimpleName(), type, true);
        });
    }

    /** All classes beside the one of the header. */
    private static List<Struct> structsOfTheBindings() {
        try (Stream<Path> files = Files.list(directoryOfTheBindings())) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.class$", ""))
                    .filter(name -> !name.contains("$") && !name.equals(linux_caps_h.class.getSimpleName()))
                    .sorted().map(CFacts::struct).toList();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError("cannot list the classes of the bindings", e);
        }
    }

    private static Path directoryOfTheBindings() throws URISyntaxException {
        Path root = Path.of(linux_caps_h.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return root.resolve(linux_caps_h.class.getPackageName().replace('.', '/'));
    }

    private static Struct struct(String name) {
        Class<?> struct;
        try {
            struct = Class.forName(linux_caps_h.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
        List<Field> fields = gettersEndingIn("$offset", struct).map(getter -> new Field(stem(getter),
                (long) call(getter, null), layout(struct, stem(getter) + "$layout").byteSize())).toList();
        return new Struct(name, layout(struct, "layout").byteSize(), fields);
    }

    private static MemoryLayout layout(Class<?> struct, String getter) {
        return (MemoryLayout) call(method(struct, getter), null);
    }

    private static Stream<Method> getters(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()) && method.getParameterCount() == 0);
    }

    private static Stream<Method> gettersEndingIn(String suffix, Class<?> type) {
        return getters(type).filter(getter -> getter.getName().endsWith(suffix));
    }

    private static String stem(Method getter) {
        return getter.getName().substring(0, getter.getName().lastIndexOf('$'));
    }

    private static Method method(Class<?> type, String name, Class<?>... parameters) {
        try {
            return type.getMethod(name, parameters);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("not a shape of jextract's that is known here", e);
        }
    }

    private static Object call(Method method, Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("cannot call " + method, e);
        }
    }
}
