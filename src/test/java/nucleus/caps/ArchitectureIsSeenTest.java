package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor.Builder;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule that cannot fail proves nothing: each is broken once, and must say so. */
class ArchitectureIsSeenTest {

    private static final String THREADS = "package nucleus.caps.internal.threads; public class Signals { }";

    /** One type of each layer, and of what lies outside. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("text", "nucleus.caps.internal.text.Quoted"),
            Map.entry("session", "nucleus.caps.internal.session.Session"),
            Map.entry("leaf", "nucleus.caps.Identity"),
            Map.entry("ffi", "nucleus.caps.internal.ffi.linux_caps_h"),
            Map.entry("threads", "nucleus.caps.internal.threads.Signals"),
            Map.entry("waist", "nucleus.caps.internal.kernel.Kernel"),
            Map.entry("kernel", "nucleus.caps.internal.kernel.RoundResult"),
            Map.entry("sys", "nucleus.caps.internal.sys.Errno"),
            Map.entry("rules", "nucleus.caps.internal.rules.Change"),
            Map.entry("proc", "nucleus.caps.internal.proc.Proc"),
            Map.entry("plan", "nucleus.caps.internal.plan.Target"),
            Map.entry("launch", "nucleus.caps.internal.launch.Preparation"),
            Map.entry("api", "nucleus.caps.Phase"),
            Map.entry("tool", "nucleus.caps.tool.CapsTool"),
            Map.entry("agent", "nucleus.caps.agent.Agent"),
            Map.entry("foreign", "java.lang.foreign.Arena"),
            Map.entry("log4j", "org.apache.logging.log4j.LogManager"), Map.entry("jfr", "jdk.jfr.Event"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "nucleus.caps.internal.text.Bad     | text",
        "nucleus.caps.Bad                   | text leaf",
        "nucleus.caps.internal.ffi.Bad      | ffi foreign",
        "nucleus.caps.internal.sys.Bad      | leaf ffi sys foreign",
        "nucleus.caps.internal.rules.Bad    | leaf sys rules",
        "nucleus.caps.internal.proc.Bad     | leaf sys rules proc",
        "nucleus.caps.internal.threads.Bad  | leaf ffi sys threads foreign",
        "nucleus.caps.internal.kernel.Bad   | text leaf ffi sys rules proc threads waist kernel foreign",
        "nucleus.caps.internal.plan.Bad     | text leaf sys rules waist kernel plan",
        "nucleus.caps.internal.launch.Bad   | leaf ffi sys rules proc waist kernel plan launch foreign",
        "nucleus.caps.internal.session.Bad  | leaf sys waist plan session log4j jfr",
        "nucleus.caps.Launcher              | text leaf sys proc waist plan launch session api",
        "nucleus.caps.tool.Bad              | text leaf sys api tool",
        "nucleus.caps.agent.Bad             | text leaf session api agent",
    })
    void aLayerMayUseTheseAndNoOthers(String user, String allowed) {
        List<String> kinds = List.of(allowed.split(" "));
        String fields = TYPES.entrySet().stream().map(type -> type.getValue() + " " + type.getKey() + ";")
                .collect(Collectors.joining());

        assertThat(breaches(user, fields)).extracting(breach -> breach.replaceFirst(".* uses ", ""))
                .containsExactlyInAnyOrderElementsOf(TYPES.entrySet().stream()
                        .filter(type -> !kinds.contains(type.getKey())).map(Map.Entry::getValue).toList());
    }

    @Test
    void aBreachNamesBothAndTheLayer() {
        assertThat(breaches("nucleus.caps.internal.plan.Bad", "nucleus.caps.Phase.Dropped field;")).containsExactly(
                "nucleus.caps.internal.plan.Bad (PLAN) uses nucleus.caps.Phase",
                "nucleus.caps.internal.plan.Bad (PLAN) uses nucleus.caps.Phase$Dropped");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nucleus.caps.internal.util.Bad", "nucleus.caps.internal.Bad",
        "nucleus.caps.internal.kernel.linux.Bad", "nucleus.Bad", "other.Bad"})
    void aNewPackageIsInNoLayer(String user) {
        assertThat(breaches(user, "")).containsExactly(user + " is in no layer");
    }

    @Test
    void refusesUseOfAnUnknownPackage() {
        String util = "package nucleus.caps.internal.util; public class Util { }";
        String caps = "package nucleus.caps; class Bad { nucleus.caps.internal.util.Util util; }";

        assertThat(Architecture.breaches(Javac.compile(util, caps).classFile("nucleus.caps.Bad")))
                .containsExactly("nucleus.caps.Bad (LEAF) uses nucleus.caps.internal.util.Util");
    }

    private static List<String> breaches(String user, String member) {
        int dot = user.lastIndexOf('.');
        String type = "class " + user.substring(dot + 1) + " { " + member + " }";
        return Architecture.breaches(
                Javac.compile(THREADS, "package " + user.substring(0, dot) + "; " + type).classFile(user));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "public class Open { public Kernel field; }",
        "public class Open { public Open(Kernel parameter) { } }",
        "public class Open { public void m(Kernel[] parameter) { } }",
        "public class Open { protected Kernel m() { return null; } }",
        "public class Open { public static List<? extends Kernel> m() { return null; } }",
        "public class Open { public <T extends Kernel> void m() { } }",
        "public class Open<T extends Kernel> { }",
        "public abstract class Open implements Kernel { }",
        "public interface Open extends List<Kernel> { }",
        "public interface Open { void m(Kernel parameter); }",
        "public record Open(Kernel component) { }",
    })
    void aPublicTypeThatShowsTheInsideIsSeen(String open) {
        assertThat(exposures(open)).isNotEmpty().allSatisfy(line -> assertThat(line)
                .startsWith("nucleus.caps.Open shows ").contains("nucleus.caps.internal.kernel.Kernel"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "class Open { public Kernel field; }",
        "public class Open { private Kernel field; Open(Kernel k) { } void m(Kernel k) { } }",
    })
    void whatIsNotPublicShowsNothing(String closed) {
        assertThat(exposures(closed)).isEmpty();
    }

    private static List<String> exposures(String type) {
        String imports = "package nucleus.caps; import java.util.List; import nucleus.caps.internal.kernel.Kernel; ";
        return Architecture.exposures(Javac.compile(imports + type).load("nucleus.caps.Open"));
    }

    /** A module that is as it should be but for one thing. */
    record OpenModule(UnaryOperator<Builder> flaw, String breach) {
        @Override
        public String toString() {
            return breach;
        }
    }

    private static final String REQUIRED =
            "[java.base, static jdk.jfr, static org.apache.logging.log4j, static org.jspecify]";
    private static final String EXPORTED = "[nucleus.caps, nucleus.caps.agent to [java.instrument]]";

    static Stream<OpenModule> openModules() {
        return Stream.of(
                new OpenModule(m -> m.exports("nucleus.caps.tool"),
                        "exports [nucleus.caps, nucleus.caps.agent to [java.instrument], nucleus.caps.tool], not " + EXPORTED),
                new OpenModule(m -> m.exports("nucleus.caps.internal.kernel", Set.of("friend")),
                        "exports [nucleus.caps, nucleus.caps.agent to [java.instrument], nucleus.caps.internal.kernel to [friend]],"
                                + " not " + EXPORTED),
                new OpenModule(m -> m.requires("java.logging"), "requires [java.base, java.logging, static jdk.jfr,"
                        + " static org.apache.logging.log4j, static org.jspecify], not " + REQUIRED),
                new OpenModule(m -> m.opens("nucleus.caps"), "opens [nucleus.caps], not []"));
    }

    @ParameterizedTest
    @MethodSource("openModules")
    void aModuleThatOpensMoreIsSeen(OpenModule open) {
        assertThat(Architecture.breaches(open.flaw().apply(module(ModuleDescriptor.newModule("nucleus.caps"))).build()))
                .containsExactly(open.breach());
    }

    @Test
    void aModuleThatIsOpenOrLacksSomethingIsSeen() {
        assertThat(Architecture.breaches(ModuleDescriptor.newModule("nucleus.caps").build())).containsExactly(
                "exports [], not " + EXPORTED,
                "requires [java.base], not " + REQUIRED);
        assertThat(Architecture.breaches(ModuleDescriptor.newModule("nucleus.caps").requires("org.apache.logging.log4j")
                .requires("org.jspecify").exports("nucleus.caps").exports("nucleus.caps.agent", Set.of("java.instrument"))
                .build())).containsExactly("requires [java.base,"
                        + " org.apache.logging.log4j, org.jspecify], not " + REQUIRED);
        assertThat(Architecture.breaches(module(ModuleDescriptor.newOpenModule("nucleus.caps")).build()))
                .containsExactly("is open [nucleus.caps], not []");
    }

    private static Builder module(Builder builder) {
        return builder.requires(Set.of(Requires.Modifier.STATIC), "jdk.jfr")
                .requires(Set.of(Requires.Modifier.STATIC), "org.apache.logging.log4j")
                .requires(Set.of(Requires.Modifier.STATIC), "org.jspecify").exports("nucleus.caps")
                .exports("nucleus.caps.agent", Set.of("java.instrument"));
    }
}
