package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The layers and their arrows, read from the class files. */
class ArchitectureTest {

    private static final List<ClassFile> COMPILED = ClassFile.below(Javac.CLASSES);

    private static final Set<Layer> IN_A_DROP = EnumSet.of(Layer.LEAF, Layer.API, Layer.PLAN, Layer.RULES,
            Layer.KERNEL, Layer.PROC, Layer.THREADS, Layer.SYS);

    @Test
    void everyLayerIsSeen() {
        assertThat(COMPILED.stream().map(file -> Layer.of(file.name()).orElse(null)))
                .contains(Layer.values());
    }

    @Test
    void layersHold() {
        assertThat(COMPILED.stream().flatMap(file -> Architecture.breaches(file).stream())).isEmpty();
    }

    /** The JVM generates the code of a string concatenation at its first run, which may be in a drop. */
    @Test
    void dropGeneratesNoCodeForStrings() {
        assertThat(COMPILED.stream().filter(file -> Layer.of(file.name()).filter(IN_A_DROP::contains).isPresent()))
                .isNotEmpty().allSatisfy(file -> assertThat(file.mentions()).as(file.name())
                        .doesNotContain("java.lang.invoke.StringConcatFactory"));
    }

    @Test
    void apiExposesNoInternalType() {
        assertThat(COMPILED.stream().map(ClassFile::name).filter(name -> name.matches("nucleus\\.caps\\.\\w+(\\$.*)?"))
                .flatMap(name -> Architecture.exposures(load(name)).stream())).isEmpty();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ArchitectureTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theModuleExportsItsApiAndNeedsOnlyJavaBase() throws IOException {
        try (InputStream in = Files.newInputStream(Javac.CLASSES.resolve("module-info.class"))) {
            ModuleDescriptor module = ModuleDescriptor.read(in);

            assertThat(module.name()).isEqualTo("nucleus.caps");
            assertThat(Architecture.breaches(module)).isEmpty();
        }
    }
}
