package privileged.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Copies of what was built, for children that cannot read where it was built. */
public final class Modules {

    /** Made once, for all tests of this JVM. */
    private static final class Shared {
        static final Path COPY = temporary("rwxr-xr-x");
    }

    private static final class Consumers {
        static final Path COPY = directory("rwxr-xr-x").resolve("consumers");

        static {
            copy("caps.consumers", COPY);
        }
    }

    private static final class Servers {
        static final Path COPY = directory("rwxr-xr-x").resolve("servers");

        static {
            copy("caps.servers", COPY);
        }
    }

    private Modules() {
    }

    /** Directories classes and test-classes that everybody can read. */
    public static Path readable() {
        return Shared.COPY;
    }

    /** The same in a directory of its own, which nobody but root can enter. */
    public static Path forRootOnly() {
        return temporary("rwx------");
    }

    /** What the programs of src/it were built to. */
    public static Path consumers() {
        return Consumers.COPY;
    }

    /** What the servers of src/it/servers were built to. */
    public static Path servers() {
        return Servers.COPY;
    }

    /** A directory that is deleted when the tests have ended. */
    public static Path directory(String mode) {
        try {
            Path directory = Files.createTempDirectory("nucleus-caps-privileged-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporary(String mode) {
        Path root = directory(mode);
        copy("caps.classes", root.resolve("classes"));
        copy("caps.testClasses", root.resolve("test-classes"));
        return root;
    }

    private static void copy(String property, Path to) {
        String from = System.getProperty(property);
        if (from == null) {
            throw new IllegalStateException("the build must give the property " + property);
        }
        try {
            Files.walkFileTree(Path.of(from), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                    return made(Files.createDirectory(to.resolve(Path.of(from).relativize(dir))), "rwxr-xr-x");
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    return made(Files.copy(file, to.resolve(Path.of(from).relativize(file))),
                            Files.isExecutable(file) ? "rwxr-xr-x" : "rw-r--r--");
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileVisitResult made(Path copy, String mode) throws IOException {
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(mode));
        return FileVisitResult.CONTINUE;
    }

    private static void delete(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, IOException failed) throws IOException {
                    Files.delete(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
