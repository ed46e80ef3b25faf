package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arrows of DESIGN.md, read from the class files. */
class ArchitectureTest {

    private static final List<ClassFile> COMPILED = ClassFile.below(Javac.CLASSES);

    @Test
    void everyLayerIsSeen() {
        assertThat(COMPILED.stream().map(file -> Layer.of(file.name()).orElse(null)))
                .contains(Layer.LEAF, Layer.API, Layer.RECIPE, Layer.KERNEL, Layer.FFI, Layer.TOOL);
    }

    @Test
    void noClassUsesWhatItsLayerMayNot() {
        assertThat(COMPILED.stream().flatMap(file -> Architecture.breaches(file).stream())).isEmpty();
    }

    @Test
    void noPublicTypeShowsTheInside() {
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
    void theModuleExportsItsApiAndNeedsLog4jAlone() throws IOException {
        try (InputStream in = Files.newInputStream(Javac.CLASSES.resolve("module-info.class"))) {
            ModuleDescriptor module = ModuleDescriptor.read(in);

            assertThat(module.name()).isEqualTo("nucleus.caps");
            assertThat(Architecture.breaches(module)).isEmpty();
        }
    }
}
