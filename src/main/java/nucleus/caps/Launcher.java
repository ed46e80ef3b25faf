package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.launch.ChildSpec;
import nucleus.caps.internal.launch.Preparation;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.session.Log;
import nucleus.caps.internal.sys.Denial;
import nucleus.caps.internal.sys.Errno;

/**
 * Starts a program with exactly the requested identity, capabilities, securebits and no_new_privs. No thread of this JVM
 * changes.
 *
 * {@snippet class="snippets.Restricted" region="launch"}
 *
 * <p><b>Defaults.</b> By default, the child runs with the effective uid and gid of the calling thread, without
 * supplementary groups, with all five sets empty, bounding included, and with no_new_privs. Only the securebits stay as
 * they are.
 *
 * <p><b>Permitted and effective.</b> execve(2) computes these two sets from the other sets, the identity, the securebits
 * and the file capabilities. {@link #plan} predicts them. {@link #expecting} refuses any other result.
 *
 * <p><b>Calling thread.</b> The thread that calls {@link #start} creates the child. The child begins with the state of
 * that thread, whatever other threads hold. The child starts with an execve. Unless you are root, it can receive only your
 * ambient capabilities.
 *
 * <p><b>Mechanism.</b> The launcher first starts a helper program of a few hundred bytes from memory. The helper changes
 * its own state by system calls, reports its state and waits. The launcher compares the report and, where it can be read,
 * the status file in /proc with the plan. Then the helper executes the requested program. If the helper reports nothing for
 * 30 s, the launcher kills it. The helper closes descriptors above 2, except those of {@link #keeping}, and no signal is
 * blocked or ignored. The JDK handles redirections, the environment, the directory and the {@link Process}. A launch needs
 * x86-64 or aarch64, /proc, and permission to execute programs from memory, {@code vm.memfd_noexec}. A process in which a
 * thread has changed its ids, or whose {@code java} has file capabilities, is not dumpable, proc(5). Without CAP_SYS_PTRACE
 * it can launch nothing more, unless it switched with {@link Options#withDumpable()}.
 *
 * <p><b>Pipes.</b> The standard streams that are {@link ProcessBuilder.Redirect#PIPE} belong to the uid and gid of the child,
 * so that it can open {@code /dev/stdout}. If the calling thread lacks CAP_CHOWN, they keep their owner.
 *
 * <p><b>Scripts.</b> As in execvp(3), {@code /bin/sh} runs a file that is no program and names no interpreter.
 *
 * <p>A launcher is immutable, and any thread may use it. Each start reads its ProcessBuilder and never changes it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/execve.2.html">execve(2)</a>
 */
public final class Launcher {

    /**
     * The predicted state of a program when it begins.
     *
     * @param program the file that is executed; for a script, its interpreter
     * @param credentials the credentials of the program; a set-ID program has the changed uids and gids
     * @param descriptors the descriptors that the program gets besides 0, 1 and 2
     */
    public record Plan(Path program, Credentials credentials, Set<Integer> descriptors) {

        /** Copies the set. */
        public Plan {
            descriptors = Collections.unmodifiableSet(new TreeSet<>(descriptors));
        }
    }

    private record Expected(CapabilitySet permitted, CapabilitySet effective) {
    }

    private static final int LAST_STANDARD = 2;

    private final ProcessBuilder builder;
    private final ChildSpec wish;
    private final Optional<Expected> expected;
    private final Set<Integer> kept;

    private Launcher(ProcessBuilder builder, ChildSpec wish, Optional<Expected> expected, Set<Integer> kept) {
        this.builder = builder;
        this.wish = wish;
        this.expected = expected;
        this.kept = kept;
    }

    /**
     * {@return a launcher with the defaults: its child holds no capability}
     *
     * @param builder the command, its environment, directory and redirections
     */
    public static Launcher of(ProcessBuilder builder) {
        return new Launcher(requireNonNull(builder, "builder"), ChildSpec.LEAST, Optional.empty(), Set.of());
    }

    private Launcher with(ChildSpec other) {
        return new Launcher(builder, other, expected, kept);
    }

    /**
     * {@return a launcher whose child has that user, that group and exactly those supplementary groups}
     *
     * @param identity the identity of the child
     */
    public Launcher identity(Identity identity) {
        return with(new ChildSpec(Optional.of(identity), wish.bounding(), wish.inheritable(), wish.ambient(),
                wish.secureBits(), wish.noNewPrivs(), wish.denial()));
    }

    /**
     * {@return a launcher whose child has that bounding set}
     *
     * <p>If the securebit noroot is not set, a child with uid 0 is permitted its bounding set. For any other uid, the
     * bounding set alone grants nothing.
     *
     * @param set the bounding set
     */
    public Launcher bounding(CapabilitySet set) {
        return with(new ChildSpec(wish.identity(), set, wish.inheritable(), wish.ambient(), wish.secureBits(),
                wish.noNewPrivs(), wish.denial()));
    }

    /**
     * {@return a launcher whose child has that inheritable set}
     *
     * @param set the inheritable set; each member is in the bounding or inheritable set of the calling thread
     */
    public Launcher inheritable(CapabilitySet set) {
        return with(new ChildSpec(wish.identity(), wish.bounding(), set, wish.ambient(), wish.secureBits(),
                wish.noNewPrivs(), wish.denial()));
    }

    /**
     * {@return a launcher whose child has that ambient set}
     *
     * @param set the ambient set; within inheritable, and within permitted of the calling thread
     */
    public Launcher ambient(CapabilitySet set) {
        return with(new ChildSpec(wish.identity(), wish.bounding(), wish.inheritable(), set, wish.secureBits(),
                wish.noNewPrivs(), wish.denial()));
    }

    /**
     * {@return a launcher whose child holds exactly that set in bounding, inheritable and ambient} Permitted and effective
     * are then the same set for any identity, unless the file has set-ID bits or capabilities of its own.
     *
     * @param set the set that the child holds
     */
    public Launcher holding(CapabilitySet set) {
        return bounding(set).inheritable(set).ambient(set);
    }

    /**
     * {@return a launcher whose child has the inheritable and ambient sets of that tuple} Its bounding set is the present
     * bounding set of the calling thread without the dropped capabilities.
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
     * @param bits all securebits; keep_caps is not allowed, because execve clears it
     */
    public Launcher secureBits(SecureBits bits) {
        return with(new ChildSpec(wish.identity(), wish.bounding(), wish.inheritable(), wish.ambient(),
                Optional.of(bits), wish.noNewPrivs(), wish.denial()));
    }

    /**
     * {@return a launcher that leaves no_new_privs as it is}
     *
     * <p>If no_new_privs is not set, a set-user-ID program runs with the uid of its owner, however empty the bounding set
     * is.
     */
    public Launcher allowNewPrivileges() {
        return with(new ChildSpec(wish.identity(), wish.bounding(), wish.inheritable(), wish.ambient(),
                wish.secureBits(), false, wish.denial()));
    }

    /**
     * {@return a launcher whose child cannot create or enter a namespace, nor can any program that it starts}
     * {@link Options#denyNamespaces()} has the details.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/seccomp.2.html">seccomp(2)</a>
     */
    public Launcher denyNamespaces() {
        return with(new ChildSpec(wish.identity(), wish.bounding(), wish.inheritable(), wish.ambient(),
                wish.secureBits(), wish.noNewPrivs(), new Denial(true, false)));
    }

    /**
     * {@return a launcher that refuses to start a program whose sets would differ from these}
     *
     * @param permitted the expected permitted set
     * @param effective the expected effective set
     */
    public Launcher expecting(CapabilitySet permitted, CapabilitySet effective) {
        return new Launcher(builder, wish, Optional.of(new Expected(requireNonNull(permitted, "permitted"),
                requireNonNull(effective, "effective"))), kept);
    }

    /**
     * {@return a launcher whose child has these descriptors of this process, besides 0, 1 and 2} In the child they have the
     * same numbers and are not close-on-exec. Both processes share the open files, with offset and status flags, dup(2).
     *
     * <p>{@link #start} copies the descriptors first. This process may close them afterwards. The child receives the copies
     * through a unix socket with a random abstract name, unix(7), before it changes its credentials. The socket accepts only
     * the child.
     *
     * <p>A program that takes sockets from systemd compares LISTEN_PID with its process id, sd_listen_fds(3). The launcher
     * does not know that id before the start, and passes LISTEN_PID on unchanged. A shell can set it, because a program that
     * it executes keeps its id: {@code sh -c 'LISTEN_PID=$$ exec "$0" "$@"' PROGRAM ARGUMENT...}
     *
     * @param keepDescriptors the descriptors above 2, for example 3 for a socket of systemd; they replace those of an earlier
     *     call
     * @throws IllegalArgumentException if one is 2 or less; a ProcessBuilder redirects 0, 1 and 2
     */
    public Launcher keeping(Set<Integer> keepDescriptors) {
        SortedSet<Integer> sorted = new TreeSet<>(keepDescriptors);
        if (!sorted.isEmpty() && sorted.first() <= LAST_STANDARD) {
            throw new IllegalArgumentException("a descriptor to keep is above 2, and " + sorted.first() + " is not");
        }
        return new Launcher(builder, wish, expected, Set.copyOf(sorted));
    }

    /**
     * {@return what the program would hold if the calling thread started it now; nothing is changed or started}
     *
     * <p>The plan considers the present set-ID bits, file capabilities, nosuid file systems and interpreters of scripts. It
     * does not consider programs that binfmt_misc starts.
     *
     * @throws IllegalStateException for {@link #denyNamespaces()} with {@link #allowNewPrivileges()}
     * @throws CapsException EPERM, with the missing capabilities, if the calling thread cannot grant the request; or
     *     ENOENT or EACCES if there is no such program; or EACCES if this process is not dumpable and its child cannot start
     *     with CAP_SYS_PTRACE; or EBADF if a descriptor to keep is not open
     */
    public Plan plan() {
        return Scout.callFromVirtual(() -> plan(prepare()));
    }

    private Preparation prepare() {
        if (!wish.noNewPrivs() && !wish.denial().equals(Denial.NONE)) {
            throw new IllegalStateException("launch: remove allowNewPrivileges() or denyNamespaces(); without no_new_privs, a"
                    + " set-user-ID program would run as root and fail at calls that the filter refuses");
        }
        Preparation prepared = Preparation.of(Caps.kernel(), wish, builder, kept);
        expected.ifPresent(wanted -> require(wanted, prepared));
        return prepared;
    }

    private static Plan plan(Preparation prepared) {
        return new Plan(prepared.program(), prepared.outcome(), prepared.kept());
    }

    private static void require(Expected wanted, Preparation prepared) {
        CapabilitySets sets = prepared.outcome().sets();
        if (!wanted.permitted().equals(sets.permitted()) || !wanted.effective().equals(sets.effective())) {
            throw Errno.NONE.exception("execve(" + prepared.program() + ")", "it would begin with permitted="
                    + sets.permitted() + " effective=" + sets.effective() + ", not permitted=" + wanted.permitted()
                    + " effective=" + wanted.effective());
        }
    }

    /**
     * Starts the program, and returns when it runs.
     *
     * @return the child
     * @throws IllegalStateException as {@link #plan}
     * @throws CapsException as {@link #plan}; or with the call that the kernel refused to the child, which has ended; or if
     *     the child was killed before it executed the program, or reported nothing for 30 s. If a signal ends the child during
     *     its execve, this method can return it instead; its exit code names the signal
     * @throws VerificationException if the child is not as planned; the child has ended, and the program has not begun
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
            Log.warn(plan(prepared) + ": a child with uid, gid or group 0 is root without any capability");
        }
        try {
            return prepared.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
