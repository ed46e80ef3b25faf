package nucleus.caps.internal.advice;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import nucleus.caps.Advice;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.internal.kernel.Access;
import nucleus.caps.internal.kernel.Kernel;

/** All advice about a JVM. */
public final class Findings {

    private Findings() {
    }

    /**
     * {@return the advice, the worst first} In THREAD scope only the code and locked memory matter: the other
     * threads stay who they are.
     *
     * @param trees the files that the user will own before the switch
     * @throws CapsException EPERM if this process cannot switch to the identity
     */
    public static List<Advice> of(Jvm jvm, Identity identity, List<Path> trees, Scope scope, Kernel kernel) {
        List<Advice> found = new ArrayList<>(LockedMemory.of(jvm));
        try (Access access = kernel.access(identity)) {
            NewUser user = new NewUser(identity, access, trees);
            found.addAll(Code.of(jvm, user));
            if (scope == Scope.PROCESS) {
                List<Descriptor> descriptors = Descriptor.of(jvm);
                List<Path> written = Descriptor.written(descriptors);
                found.addAll(OpenFiles.of(jvm, user, written));
                found.addAll(TemporaryDirectories.of(jvm, user, written));
                found.addAll(NewFiles.of(jvm, user));
                found.addAll(WorkingDirectory.of(jvm, user));
                found.addAll(Home.of(jvm, user));
                found.addAll(StandardStreams.of(jvm, user, descriptors));
                found.addAll(Management.of(jvm, user));
                found.addAll(ProcessLimit.of(jvm, user));
                found.addAll(Terminal.of(jvm));
            }
        }
        found.sort(Comparator.comparing(Advice::kind));
        return List.copyOf(found);
    }
}
