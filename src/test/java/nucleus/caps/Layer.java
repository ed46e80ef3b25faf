package nucleus.caps;

import java.util.Optional;
import java.util.Set;

/** The floors of the house. Each constant can name only those before it, so the arrows cannot form a circle. */
enum Layer {

    TEXT,
    LEAF(TEXT),
    FFI,
    SYS(LEAF, FFI),
    RULES(LEAF, SYS),
    PROC(LEAF, SYS, RULES),
    THREADS(LEAF, FFI, SYS),
    KERNEL(TEXT, LEAF, FFI, SYS, RULES, PROC, THREADS),
    PLAN(TEXT, LEAF, SYS, RULES, KERNEL),
    LAUNCH(LEAF, FFI, SYS, RULES, PROC, KERNEL, PLAN),
    ADVICE(LEAF, SYS, PROC, KERNEL),
    SESSION(LEAF, SYS, KERNEL, PLAN, ADVICE),
    API(LEAF, TEXT, SYS, PROC, KERNEL, PLAN, LAUNCH, ADVICE, SESSION),

    /**
     * The compiler sees to it that it uses only public types of the API. It quotes words as the API does, and makes
     * system calls for what is no credential.
     */
    TOOL(LEAF, TEXT, SYS, API),

    /** Uses the public API, and ends the JVM as the API does. */
    AGENT(LEAF, TEXT, SESSION, API);

    private static final String ROOT = "nucleus.caps.";

    /** The classes of the exported package that act. The others are values and exceptions. */
    private static final Set<String> ACTING =
            Set.of("Caps", "Phase", "Phases", "BasePhase", "EndedPhase", "ThreadCaps", "Launcher", "RestrictedTask",
                    "FileCapabilities");

    private final Set<Layer> mayUse;

    Layer(Layer... mayUse) {
        this.mayUse = Set.of(mayUse);
    }

    boolean mayUse(Layer other) {
        return other == this || mayUse.contains(other);
    }

    static boolean isOurs(String className) {
        return className.startsWith(ROOT);
    }

    /** {@return the layer of one of our classes, or nothing if its package is in none} */
    static Optional<Layer> of(String className) {
        int dot = className.lastIndexOf('.');
        String outermost = className.substring(dot + 1).replaceFirst("\\$.*", "");
        return switch (className.substring(0, dot)) {
            case "nucleus.caps" -> Optional.of(ACTING.contains(outermost) ? API : LEAF);
            case "nucleus.caps.internal.text" -> Optional.of(TEXT);
            case "nucleus.caps.internal.session" -> Optional.of(SESSION);
            case "nucleus.caps.internal.advice" -> Optional.of(ADVICE);
            case "nucleus.caps.internal.plan" -> Optional.of(PLAN);
            case "nucleus.caps.internal.rules" -> Optional.of(RULES);
            case "nucleus.caps.internal.proc" -> Optional.of(PROC);
            case "nucleus.caps.internal.sys" -> Optional.of(SYS);
            case "nucleus.caps.internal.launch" -> Optional.of(LAUNCH);
            case "nucleus.caps.internal.kernel" -> Optional.of(KERNEL);
            case "nucleus.caps.internal.threads" -> Optional.of(THREADS);
            case "nucleus.caps.internal.ffi" -> Optional.of(FFI);
            case "nucleus.caps.tool" -> Optional.of(TOOL);
            case "nucleus.caps.agent" -> Optional.of(AGENT);
            default -> Optional.empty();
        };
    }
}
