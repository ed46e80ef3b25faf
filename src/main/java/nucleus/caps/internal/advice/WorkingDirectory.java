package nucleus.caps.internal.advice;

import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Advice;

/** A working directory that cannot be searched. */
final class WorkingDirectory {

    private WorkingDirectory() {
    }

    /**
     * A relative path needs the right to search this directory, and none to search the directories above it. The permissions
     * tell the first. The kernel answers for the whole path, and knows access lists. Both must refuse.
     */
    static List<Advice> of(Jvm jvm, NewUser user) {
        Path directory = jvm.path("");
        if (!user.cannot(AccessMode.EXECUTE, directory) || !user.lacks(NewUser.SEARCH, jvm.file("cwd"))) {
            return List.of();
        }
        return List.of(new Advice(Advice.Kind.WORKING_DIRECTORY, "relative paths cannot be opened",
                user + " cannot search the working directory " + directory,
                "start the JVM in a directory that this user can search, such as /"));
    }
}
