package privileged.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A source in C that lies in src/test/resources, in the package of the class that uses it.
 *
 * @param path the file
 */
public record CSource(Path path) {

    public static CSource of(Class<?> user, String name) {
        return new CSource(Path.of(System.getProperty("caps.basedir"), "src/test/resources",
                user.getPackageName().replace('.', '/'), name + ".c"));
    }

    /** {@return the result of the compiler} Everybody can read and run it; it is deleted when the tests end. */
    public Path compile(String result, String... options) {
        return compile(Modules.directory("rwxr-xr-x").resolve(result), options);
    }

    Path compile(Path result, String... options) {
        List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", result.toString(), path.toString()));
        Command.run(command);
        return result;
    }
}
