package nucleus.caps;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.apache.logging.log4j.LogManager;

/** The compiler of this JDK against the compiled library, from memory to memory. */
final class Javac {

    /** Where the library was compiled to. */
    static final Path CLASSES = Path.of(System.getProperty("caps.classes", "target/classes"));

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    private static final List<String> OPTIONS = List.of("-Xlint:all", "-proc:none", "-classpath",
            CLASSES + System.getProperty("path.separator") + jarOf(LogManager.class));

    /** A diagnostic by its code in javac's own tables, which no release has translated or reworded. */
    record Complaint(String code, long line) {
    }

    /** What came of it: the class files by name, unless there is an error among the complaints. */
    record Result(List<Complaint> complaints, Map<String, byte[]> classes) {

        ClassFile classFile(String name) {
            return ClassFile.of(bytes(name));
        }

        Class<?> load(String name) {
            return new ClassLoader(Javac.class.getClassLoader()) {
                Class<?> define() {
                    byte[] bytes = bytes(name);
                    return defineClass(name, bytes, 0, bytes.length);
                }
            }.define();
        }

        private byte[] bytes(String name) {
            if (!classes.containsKey(name)) {
                throw new AssertionError(name + " was not compiled: " + complaints);
            }
            return classes.get(name);
        }
    }

    private Javac() {
    }

    static Result compile(String... sources) {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (Memory memory = new Memory(COMPILER.getStandardFileManager(diagnostics, null, null))) {
            List<Source> units = Arrays.stream(sources).map(Source::new).toList();
            COMPILER.getTask(null, memory, diagnostics, OPTIONS, null, units).call();
            return new Result(diagnostics.getDiagnostics().stream()
                    .map(d -> new Complaint(d.getCode(), d.getLineNumber())).toList(), memory.classes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("memory:///Source" + text.hashCode() + ".java"), Kind.SOURCE);
            this.text = text;
        }

        /** A public type need not be called like the file. */
        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return true;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Output extends SimpleJavaFileObject {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Output(String name) {
            super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return bytes;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, Output> outputs = new HashMap<>();

        Memory(JavaFileManager manager) {
            super(manager);
        }

        Map<String, byte[]> classes() {
            return outputs.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, output -> output.getValue().bytes.toByteArray()));
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind,
                                                   FileObject sibling) {
            return outputs.computeIfAbsent(name, Output::new);
        }
    }
}
