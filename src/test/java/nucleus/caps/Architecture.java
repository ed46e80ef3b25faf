package nucleus.caps;

import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The rules on which layer may use which. Each method returns the breaches, one line each. */
final class Architecture {

    private static final Set<Layer> NATIVE = Set.of(Layer.FFI, Layer.SYS, Layer.THREADS, Layer.KERNEL, Layer.LAUNCH);

    /** The only classes of the kernel layer that the API and its sessions may use. */
    private static final Set<String> WAIST = Set.of("nucleus.caps.internal.kernel.Kernel",
            "nucleus.caps.internal.kernel.LinuxKernel", "nucleus.caps.internal.kernel.Scout",
            "nucleus.caps.internal.kernel.UserDatabase");

    private Architecture() {
    }

    static List<String> breaches(ClassFile file) {
        return Layer.of(file.name()).map(layer -> file.mentions().stream().sorted()
                .filter(mentioned -> !allowed(layer, mentioned))
                .map(mentioned -> file.name() + " (" + layer + ") uses " + mentioned).toList())
                .orElse(List.of(file.name() + " is in no layer"));
    }

    private static boolean allowed(Layer layer, String mentioned) {
        if (mentioned.startsWith("java.lang.foreign.")) {
            return NATIVE.contains(layer);
        }
        if (mentioned.startsWith("org.apache.logging.") || mentioned.startsWith("jdk.jfr.")) {
            return layer == Layer.SESSION;
        }
        if (!Layer.isOurs(mentioned)) {
            return true;
        }
        Optional<Layer> other = Layer.of(mentioned);
        boolean aboveTheWaist = layer == Layer.API || layer == Layer.SESSION;
        boolean belowTheWaist = other.equals(Optional.of(Layer.KERNEL)) && !WAIST.contains(mentioned);
        return other.filter(layer::mayUse).isPresent() && !(aboveTheWaist && belowTheWaist);
    }

    /** What a type shows of the inside of this library to those who use it. */
    static List<String> exposures(Class<?> type) {
        if (!Modifier.isPublic(type.getModifiers())) {
            return List.of();
        }
        List<String> shown = new ArrayList<>();
        shown.add(type.toGenericString());
        Stream.concat(Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(Type::getTypeName).forEach(shown::add);
        Stream.<Member[]>of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
                .flatMap(Arrays::stream)
                .filter(member -> (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0)
                .map(Architecture::signature).forEach(shown::add);
        return shown.stream().filter(text -> text.contains("nucleus.caps.internal."))
                .map(text -> type.getName() + " shows " + text).sorted().toList();
    }

    private static String signature(Member member) {
        return switch ((AccessibleObject) member) {
            case Field field -> field.toGenericString();
            case Method method -> method.toGenericString();
            case Constructor<?> constructor -> constructor.toGenericString();
            default -> throw new IllegalArgumentException(member.toString());
        };
    }

    static List<String> breaches(ModuleDescriptor module) {
        List<String> breaches = new ArrayList<>();
        expect(breaches, "exports", Set.of("nucleus.caps", "nucleus.caps.agent to [java.instrument]"),
                module.exports().stream().map(Object::toString));
        expect(breaches, "requires",
                Set.of("java.base", "static jdk.jfr", "static org.apache.logging.log4j", "static org.jspecify"),
                module.requires().stream().map(Architecture::requirement));
        expect(breaches, "opens", Set.of(), module.opens().stream().map(Object::toString));
        expect(breaches, "is open", Set.of(), module.isOpen() ? Stream.of(module.name()) : Stream.of());
        return breaches;
    }

    private static String requirement(ModuleDescriptor.Requires requires) {
        return (requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC) ? "static " : "") + requires.name();
    }

    private static void expect(List<String> breaches, String what, Set<String> expected, Stream<String> found) {
        Set<String> names = new TreeSet<>(found.toList());
        if (!names.equals(expected)) {
            breaches.add(what + " " + names + ", not " + new TreeSet<>(expected));
        }
    }
}
