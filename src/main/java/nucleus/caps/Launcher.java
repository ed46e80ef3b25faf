package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.launch.ChildSpec;
import nucleus.caps.internal.launch.Preparation;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.session.Log;

/**
 * Starts a program with exactly the asked identity, capabilities, securebits and no_new_privs, while no thread of this
 * JVM changes.
 *
 * {@snippet class="snippets.Restricted" region="launch"}
 *
 * <p><b>What is not named is not kept.</b> Without a word, a child has the effective uid and gid of the thread that
 * starts it, no supplementary group, no capability in any set, bounding included, and no_new_privs. Securebits alone
 * stay as they are.
 *
 * <p><b>Permitted and effective are results.</b> execve(2) computes them from the other sets, the identity, the
 * securebits and what the file gives. {@link #plan} tells them beforehand, and {@link #expecting} refuses others.
 *
 * <p><b>The thread that calls.</b> A child is made by the thread that calls {@link #start}, and starts from what that
 * one holds, whatever others do. It begins with an execve, so to others than root only what is ambient can be given.
 *
 * <p><b>How.</b> A program of a few hundred bytes, in memory, is started in place of the asked one: it changes itself by
 * system calls, stops, is compared with the plan from outside, and executes the program. Descriptors above 2 are closed
 * there, no signal is blocked or ignored. Redirections, the environment, the directory and the {@link Process} are the
 * JDK's. This needs x86-64 or aarch64, /proc, and that programs in memory may be executed, {@code vm.memfd_noexec}. A
 * process without CAP_SYS_PTRACE in which a thread has changed its ids is not dumpable, proc(5), and launches no more.
 *
 * <p>A launcher is immutable, and any thread may use it; its ProcessBuilder is read at each start and never changed.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/execve.2.html">execve(2)</a>
 */
public final class Launcher {

    /**
     * What a program holds when it begins.
     *
     * @param program the file that is executed; of a script, its interpreter
     * @param credentials what it holds; the uids and gids of a set-ID program differ
     */
    public record Plan(Path program, Credentials credentials) {
    }

    private record Expected(CapabilitySet permitted, CapabilitySet effective) {
    }

    private final ProcessBuilder builder;
    private final ChildSpec wish;
    private final Optional<Expected> expected;

    private Launcher(ProcessBuilder builder, ChildSpec wish, Optional<Expected> expected) {
        this.builder = builder;
        this.wish = wish;
        this.expected = expected;
    }

    /**
     * {@return a launcher that keeps nothing}
     *
     * @param builder the command, its environment, directory and redirections
     */
    public static Launcher of(ProcessBuilder builder) {
        return new Launcher(requireNonNull(builder, "builder"), ChildSpec.LEAST, Optional.empty());
    }

    private Launcher with(ChildSpec other) {
        return new Launcher(builder, other, expected);
    }

    /**
     * {@return a launcher whose child is that user, with that group and exactly those supplementary groups}
     *
     * @param identity who it is
     */
    public Launcher identity(Identity identity) {
        return with(new ChildSpec(Optional.of(identity), wish.bounding(), wish.inheritable(), wish.ambient(),
                wish.secureBits(), wish.noNewPrivs()));
    }

    /**
     * {@return a launcher whose child has that bounding set}
     *
     * <p>Unless the securebit noroot is set, it is what uid 0 is permitted. To others it gives nothing by itself.
     *
     * @param set the bounding set
     */
    public Launcher bounding(CapabilitySet set) {
        return with(new ChildSpec(wish.identity(), set, wish.inheritable(), wish.ambient(), wish.secureBits(),
                wish.noNewPrivs()));
    }

    /**
     * {@return a launcher whose child has that inheritable set}
     *
     * @param set the inheritable set; within bounding or inheritable of the thread that starts the child
     */
    public Launcher inheritable(CapabilitySet set) {
        return with(new ChildSpec(wish.identity(), wish.bounding(), set, wish.ambient(), wish.secureBits(),
                wish.noNewPrivs()));
    }

    /**
     * {@return a launcher whose child has that ambient set}
     *
     * @param set the ambient set; within inheritable, and what the thread that starts the child is permitted
     */
    public Launcher ambient(CapabilitySet set) {
        return with(new ChildSpec(wish.identity(), wish.bounding(), wish.inheritable(), set, wish.secureBits(),
                wish.noNewPrivs()));
    }

    /**
     * {@return a launcher whose child holds exactly these, whoever it is: bounding, inheritable and ambient alike, and
     * with them permitted and effective, unless the file gives something of its own}
     *
     * @param set what it holds
     */
    public Launcher holding(CapabilitySet set) {
        return bounding(set).inheritable(set).ambient(set);
    }

    /**
     * {@return a launcher whose child is handed that tuple: its inheritable and ambient sets, and the bounding set of the
     * calling thread, as it is now, without what is dropped}
     *
     * @param iab the tuple
     */
    public Launcher iab(Iab iab) {
        CapabilitySets sets = iab.appliedTo(Proc.callingThread().sets());
        return bounding(sets.bounding()).inheritable(sets.inheritable()).ambient(sets.ambient());
    }

    /**
     * {@return a launcher whose child has exactly those securebits}
     *
     * @param bits the whole word; keep_caps cannot be in it, since execve clears that
     */
    public Launcher secureBits(SecureBits bits) {
        return with(new ChildSpec(wish.identity(), wish.bounding(), wish.inheritable(), wish.ambient(),
                Optional.of(bits), wish.noNewPrivs()));
    }

    /**
     * {@return a launcher that leaves no_new_privs as it is}
     *
     * <p>A set-user-ID program then runs with its owner's uid, however empty the bounding set is.
     */
    public Launcher allowNewPrivileges() {
        return with(new ChildSpec(wish.identity(), wish.bounding(), wish.inheritable(), wish.ambient(),
                wish.secureBits(), false));
    }

    /**
     * {@return a launcher that refuses to start a program that would not begin with these}
     *
     * @param permitted what is to be permitted
     * @param effective what is to be effective
     */
    public Launcher expecting(CapabilitySet permitted, CapabilitySet effective) {
        return new Launcher(builder, wish, Optional.of(new Expected(requireNonNull(permitted, "permitted"),
                requireNonNull(effective, "effective"))));
    }

    /**
     * {@return what the program would hold, were the calling thread to start it now; nothing is changed or started}
     *
     * <p>Set-ID bits, file capabilities, nosuid file systems and the interpreters of scripts are taken into account as
     * they are now; programs that binfmt_misc starts are not.
     *
     * @throws CapsException EPERM, with the missing capabilities, if the calling thread cannot give what is asked; or
     *     ENOENT or EACCES if there is no such program
     */
    public Plan plan() {
        return Scout.callFromVirtual(() -> plan(prepare()));
    }

    private Preparation prepare() {
        Preparation prepared = Preparation.of(Caps.kernel(), wish, builder);
        expected.ifPresent(wanted -> require(wanted, prepared));
        return prepared;
    }

    private static Plan plan(Preparation prepared) {
        return new Plan(prepared.program(), prepared.outcome());
    }

    private static void require(Expected wanted, Preparation prepared) {
        CapabilitySets sets = prepared.outcome().sets();
        if (!wanted.permitted().equals(sets.permitted()) || !wanted.effective().equals(sets.effective())) {
            throw new CapsException("execve(" + prepared.program() + ")", 0, "", "it would begin with permitted="
                    + sets.permitted() + " effective=" + sets.effective() + ", not permitted=" + wanted.permitted()
                    + " effective=" + wanted.effective(), false, List.of());
        }
    }

    /**
     * Starts the program, and returns when it runs.
     *
     * @return the child
     * @throws CapsException as {@link #plan}; or with the call that was refused to the child. It is gone then
     * @throws VerificationException if the child is not as planned. It is gone then, and the program has not begun
     * @throws IOException as {@link ProcessBuilder#start}
     */
    public Process start() throws IOException {
        try {
            return Scout.callFromVirtual(this::started);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Process started() {
        Preparation prepared = prepare();
        if (prepared.outcome().isRoot()) {
            Log.warn("{}: a child with uid, gid or group 0 is root without any capability", plan(prepared));
        }
        try {
            return prepared.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
