package nucleus.caps.internal.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.internal.kernel.Kernel;

/**
 * A launch that is planned and not yet started.
 *
 * @param builder the settings of the child
 * @param child the changes that the child makes to itself
 * @param candidates the candidate files of the program
 * @param program the first candidate; for a script, its interpreter
 * @param outcome what the program holds when it begins
 * @param kept the descriptors that the program gets besides 0, 1 and 2
 */
public record Preparation(ProcessBuilder builder, ChildPlan child, List<Candidate> candidates, Path program,
                          Credentials outcome, Set<Integer> kept) {

    /**
     * {@return a launch that is ready to start}
     *
     * @throws CapsException if there is no such program, if the calling thread cannot start such a child, or if a kept
     *     descriptor is not open
     * @throws IllegalArgumentException if there is no command
     */
    public static Preparation of(Kernel kernel, ChildSpec wish, ProcessBuilder builder, Set<Integer> kept) {
        if (builder.command().isEmpty()) {
            throw new IllegalArgumentException("there is no command");
        }
        kept.forEach(KeptDescriptors::requireOpen);
        PathSearch search = PathSearch.from(Optional.ofNullable(builder.directory()).map(File::toPath));
        ChildPlan child = ChildPlan.of(kernel, wish);
        Doorway.require(child);
        List<String> names = search.candidates(builder.command().getFirst());
        List<ProgramFile> files = names.stream().map(search::given).toList();
        List<Candidate> candidates = names.stream().map(name -> new Candidate(name,
                Interpreter.isShell(search.directory().resolve(name), search.directory()))).toList();
        return new Preparation(builder, child, candidates, files.getFirst().path(), child.outcome(files), kept);
    }

    /** Starts the child, like {@link Launch#start}. */
    public Process start() throws IOException {
        return Launch.start(builder, child, candidates, kept);
    }
}
