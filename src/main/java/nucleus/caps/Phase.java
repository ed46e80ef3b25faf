package nucleus.caps;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A phase on the path of a thread or a process from root to least privilege.
 *
 * <p>Each phase has only the methods that are a legal next step. The compiler therefore enforces the order: first the
 * bounding set is dropped, then the identity is switched, then the rest is cleared.
 *
 * {@snippet class="snippets.Drops" region="steps"}
 *
 * <p>The type of a phase shows which one it is:
 *
 * {@snippet class="snippets.Drops" region="switch"}
 *
 * <p><b>Verification.</b> A phase is reached only after the kernel has confirmed the requested state of every thread in
 * scope: five sets, four uids and gids, groups, no_new_privs, securebits. Each step is computed before anything changes. If
 * the kernel would refuse a step, this library refuses it, names the missing capabilities and changes nothing.
 *
 * <p><b>Use.</b> A phase is used once. A repeated step with equal arguments verifies that the state is unchanged and
 * returns the same next phase. Any other step from a phase that was left throws {@link IllegalStateException}. A step that
 * fails before it changes anything does not leave the phase. After a step that fails halfway, only the same step can be
 * tried again. It skips what is already done.
 *
 * <p><b>Threads.</b> In {@link Scope#PROCESS} any thread may call, also a virtual thread. A step changes every thread that
 * exists when the call returns, and every thread that they create later. A new thread tries each step first and then ends:
 * if the kernel refuses there, nothing has changed. Threads may differ before a step. If a thread cannot reach the
 * requested state, the exception names the thread and the rule. No thread may block the signal of this library, and no
 * io_uring ring may be open. If a step leaves threads different from one another, the process is unreliable, and every
 * later call throws the same exception again.
 * In {@link Scope#THREAD} a phase belongs to the platform thread that began. Any other thread gets a
 * {@link WrongThreadException}. A step changes that thread and what it starts afterwards, and nothing else.
 *
 * <p><b>Parent-death signal.</b> The kernel clears this attribute of a thread whose uid or gid changes. A step that switches
 * the identity sets it again. The kernel sends the signal to the whole process, so in {@link Scope#PROCESS} every thread has
 * the signal afterwards if one had it before.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html">PR_SET_PDEATHSIG</a>
 */
public sealed interface Phase {

    /** {@return which threads are changed} */
    Scope scope();

    /** {@return every thread in scope, in the state last read back} */
    List<ThreadStatus> observed();

    /** Nothing has been changed yet. */
    sealed interface Initial extends Phase permits Phases.InitialPhase {

        /**
         * {@return what will fail in this JVM after a switch to that identity, the worst first} Changes nothing. Every step
         * that switches the identity of a process logs the same list as warnings before its first change.
         *
         * {@snippet class="snippets.Drops" region="advise"}
         *
         * <p>The list holds facts: files, limits and recordings as they are now. Whether the identity may use a file is what
         * the kernel answers to a new thread with the real ids and groups of the identity, access(2). While that thread lives,
         * some milliseconds, processes of that user may send signals to this process. Of what the option
         * {@link Options#handOver} covers, the list says nothing. In {@link Scope#THREAD} it is only about code that the
         * thread may have to load, and about locked memory.
         *
         * @param identity the new identity
         * @throws CapsException EPERM if this process cannot switch to the identity
         * @see <a href="https://man7.org/linux/man-pages/man2/access.2.html">access(2)</a>
         */
        List<Advice> advise(Identity identity);

        /**
         * Empties bounding, inheritable and ambient. Permitted and effective stay for the change of identity.
         *
         * @return the next phase
         * @throws CapsException EPERM without CAP_SETPCAP in the permitted set, unless bounding is already empty;
         *     {@link #lockUnprivileged()} and {@link #lockUnprivileged(Identity)} do not need CAP_SETPCAP
         * @throws VerificationException if capabilities remain; the message lists them
         */
        BoundingDropped dropBoundingSet();

        /**
         * As {@link #dropBoundingSet()}, but keeps some capabilities in bounding. Only these also survive the whole drop in
         * permitted and effective. No later step can change which capabilities are kept.
         *
         * @param keep the capabilities to keep
         * @return the next phase
         * @throws CapsException EPERM if {@code keep} is not within permitted and bounding, or without CAP_SETPCAP
         * @throws VerificationException if the sets read back differ from the requested sets
         */
        BoundingDropped dropBoundingSetExcept(CapabilitySet keep);

        /**
         * Performs the whole drop without a change of identity: empties all five sets and sets no_new_privs.
         *
         * <p>A thread with uid 0 is still root afterwards: it owns {@code /proc/sys} and {@code /etc}, and can regain
         * everything through them. A warning is logged.
         *
         * @return the last phase
         * @throws CapsException as the single steps
         */
        Dropped dropAll();

        /**
         * Performs the whole drop: empties all five sets, switches the identity and sets no_new_privs.
         *
         * @param identity the new identity
         * @return the last phase
         * @throws CapsException as the single steps
         */
        Dropped drop(Identity identity);

        /**
         * As {@link #dropAll()}, but keeps some capabilities in bounding, permitted and effective.
         *
         * @param keep the capabilities to keep
         * @return the last phase
         * @throws CapsException as the single steps
         */
        Dropped dropExcept(CapabilitySet keep);

        /**
         * As {@link #drop(Identity)}, but keeps some capabilities in bounding, permitted and effective across the change of
         * the uid.
         *
         * @param keep the capabilities to keep
         * @param identity the new identity
         * @return the last phase
         * @throws CapsException as the single steps
         */
        Dropped dropExcept(CapabilitySet keep, Identity identity);

        /**
         * Drops without CAP_SETPCAP, for example in a container that runs as an ordinary user: empties permitted,
         * effective, inheritable and ambient, and sets no_new_privs. The bounding set stays as it is, because dropping from
         * it needs CAP_SETPCAP. With no_new_privs no program gains the capabilities in it.
         *
         * <p>With CAP_SETPCAP, use {@link #dropAll()}, which also empties the bounding set.
         *
         * @return the last phase
         * @throws CapsException if one of the four uids of a thread is 0
         * @throws IllegalStateException with {@link Options#allowNewPrivileges()}
         */
        Dropped lockUnprivileged();

        /**
         * As {@link #lockUnprivileged()}, but also switches the identity, for example in a container that runs as root with
         * CAP_SETUID and CAP_SETGID only. The supplementary groups, the four gids and the four uids are set first, and the
         * four sets are emptied afterwards. The bounding set stays as it is.
         *
         * <p>With CAP_SETPCAP, use {@link #drop(Identity)}, which also empties the bounding set.
         *
         * @param identity the new identity; its uid is not 0
         * @return the last phase
         * @throws CapsException if the uid of the identity is 0; EPERM or EINVAL as {@link BoundingDropped#switchIdentity}.
         *     Nothing is changed
         * @throws IllegalStateException with {@link Options#allowNewPrivileges()}
         * @see <a href="https://man7.org/linux/man-pages/man2/setresuid.2.html">setresuid(2)</a>
         */
        Dropped lockUnprivileged(Identity identity);

        /**
         * Sets exactly those five sets. Sets no_new_privs only with {@link Options#withNoNewPrivs()}.
         *
         * <p>With {@link Options#withSecureBits} and the present sets of the threads, only the securebits change.
         *
         * @param sets the five sets. Bounding and permitted are subsets of the present ones. Effective is a subset of
         *     permitted. Each new member of inheritable must be in bounding, and without CAP_SETPCAP also in permitted.
         *     Ambient is a subset of permitted and of inheritable
         * @return the last phase
         * @throws CapsException EPERM if one of these rules is violated, with the missing capabilities; nothing is changed
         */
        Applied apply(CapabilitySets sets);

        /**
         * Sets exactly those five sets and that identity, as the last step of a container runtime does.
         *
         * @param sets as for {@link #apply(CapabilitySets)}
         * @param identity the new identity
         * @return the last phase
         * @throws CapsException as for {@link #apply(CapabilitySets)}, and as {@link BoundingDropped#switchIdentity}
         */
        Applied apply(CapabilitySets sets, Identity identity);

        /**
         * Replaces inheritable and ambient, and drops from bounding, as {@code cap_iab_set_proc} of libcap does. Permitted
         * and effective stay as they are. Sets no_new_privs only with {@link Options#withNoNewPrivs()}.
         *
         * @param iab what child programs inherit
         * @return the last phase
         * @throws CapsException EPERM, with the missing capabilities, if inheritable has a member that cannot be raised in
         *     it, or if ambient is not within permitted; EPERM without CAP_SETPCAP permitted if there is something to drop
         * @see <a href="https://man7.org/linux/man-pages/man3/cap_iab.3.html">cap_iab(3)</a>
         */
        Applied apply(Iab iab);

        /**
         * Enters one of libcap's modes, as {@code cap_set_mode} and {@code capsh --mode=} do: sets the securebits of the
         * mode and clears the sets that it excludes. In every mode, effective is empty afterwards, and permitted
         * capabilities can be raised again. NOPRIV sets no_new_privs, the others only with
         * {@link Options#withNoNewPrivs()}.
         *
         * @param mode the mode
         * @return the last phase
         * @throws CapsException EPERM without CAP_SETPCAP permitted; EPERM, with the bit named, if a securebit is locked at
         *     another value; EPERM for any other mode after NOPRIV
         * @throws IllegalArgumentException for {@link Mode#UNCERTAIN}
         * @throws IllegalStateException with {@link Options#withSecureBits}, because a mode has its own securebits
         * @see <a href="https://man7.org/linux/man-pages/man3/cap_set_mode.3.html">cap_set_mode(3)</a>
         */
        Applied enter(Mode mode);
    }

    /** Bounding holds the kept capabilities, inheritable and ambient are empty, permitted and effective are unchanged. */
    sealed interface BoundingDropped extends Phase permits Phases.BoundingDroppedPhase {

        /**
         * Sets the supplementary groups, then all four gids, then all four uids. Afterwards permitted and effective hold
         * exactly the kept capabilities, even if the kernel's own rule would leave more, and KEEPCAPS is off.
         *
         * @param identity the new identity
         * @return the next phase
         * @throws CapsException EPERM without CAP_SETGID or CAP_SETUID in the permitted set if the id differs, or if
         *     {@code /proc/self/setgroups} contains deny and the groups differ; EINVAL for an id that is not mapped in the
         *     user namespace
         * @see <a href="https://man7.org/linux/man-pages/man2/setresuid.2.html">setresuid(2)</a>
         */
        IdentitySwitched switchIdentity(Identity identity);

        /**
         * Clears permitted and effective except for the kept capabilities, then sets no_new_privs. The identity stays.
         *
         * @return the last phase
         * @throws CapsException if the kernel refuses
         */
        Dropped finalizeDrop();
    }

    /** Every thread in scope has the new identity, and holds only the kept capabilities. */
    sealed interface IdentitySwitched extends Phase permits Phases.IdentitySwitchedPhase {

        /**
         * Clears permitted and effective except for the kept capabilities, sets no_new_privs, and verifies the identity
         * again.
         *
         * @return the last phase
         * @throws CapsException if the kernel refuses
         */
        Dropped finalizeDrop();
    }

    /** A last phase: verified, and without a next step. Its type says what is proved of every thread in scope. */
    sealed interface Ended extends Phase permits Dropped, Applied {

        /** {@return the effective ids and the groups, as read back} */
        Identity identity();

        /** {@return the five sets, as read back} */
        CapabilitySets sets();

        /** {@return whether no_new_privs is set, as read back} */
        boolean noNewPrivs();

        /**
         * Reads every thread in scope again, also threads that have started since. Changes nothing, needs no privilege, and
         * can be called at any time and as often as wanted.
         *
         * {@snippet class="snippets.Reading" region="later"}
         *
         * @throws VerificationException if a thread is not as this phase was reached; the message names it
         * @throws CapsException if a thread cannot be read; nothing is proved then
         */
        void verify();

        /**
         * {@link #exec(List, Map, Set)} with the environment of this process, byte for byte, and no descriptor above 2.
         *
         * @param command the program and its arguments
         */
        void exec(List<String> command);

        /**
         * {@link #exec(List, Map, Set)} with the environment of this process, byte for byte.
         *
         * @param command the program and its arguments
         * @param keepDescriptors the descriptors that the program gets besides 0, 1 and 2
         */
        void exec(List<String> command, Set<Integer> keepDescriptors);

        /**
         * {@link #exec(List, Map, Set)} with no descriptor above 2.
         *
         * @param command the program and its arguments
         * @param environment the complete environment of the program
         */
        void exec(List<String> command, Map<String, String> environment);

        /**
         * Replaces this process with another program: a new thread, with the credentials of the calling thread, calls
         * execve(2). On success this JVM ends without shutdown hooks. The program has the pid, the working directory, the
         * limits and the descriptors 0, 1 and 2 of the JVM, and the state of this phase.
         *
         * <p>The state is verified again first. The program gets no other descriptors than those, even if another thread
         * opens some in that moment; before Linux 5.11 only if the kernel permits unshare(2). Signals that the JVM ignores
         * stay ignored, all others get their default actions. The signal mask is that of the main thread, which is the mask
         * at the start of the JVM. The parent-death signal of the calling thread is set for the program. If execve fails, the
         * JVM continues as before.
         *
         * <p>A JVM differs from what it was started with: it raises the soft limit of open files
         * ({@code -XX:-MaxFDLimit} prevents it), and handles SIGPIPE, SIGQUIT and SIGCHLD even if they were ignored.
         *
         * <p>The kept capabilities are in permitted and effective, but not in ambient. By the rules of capabilities(7), only
         * uid 0 has them after an execve. For another uid, use {@link Initial#apply(CapabilitySets, Identity)} with an
         * ambient set.
         *
         * @param command the program and its arguments; a name without a slash is searched for in the PATH of the environment.
         *     A file without a known format is run by {@code /bin/sh}, as execvp(3) does. A lone surrogate from U+DC80 to
         *     U+DCFF stands for a byte from 0x80 to 0xFF
         * @param environment the complete environment of the program
         * @param keepDescriptors the descriptors that the program gets besides 0, 1 and 2, for example 3 for a socket of
         *     systemd
         * @throws CapsException if execve is refused; EBADF if a descriptor to keep is not open
         * @throws VerificationException if the state differs from the verified one; the JVM is then not replaced
         * @throws IllegalArgumentException if there is no command, or an argument, variable or descriptor that cannot be
         *     passed on
         * @see <a href="https://man7.org/linux/man-pages/man2/execve.2.html">execve(2)</a>
         */
        void exec(List<String> command, Map<String, String> environment, Set<Integer> keepDescriptors);
    }

    /**
     * The end of a drop. Every thread in scope holds only the capabilities that the caller passed to {@code dropExcept} or
     * {@code dropBoundingSetExcept}: bounding, permitted and effective equal that set, which is empty by default, and
     * inheritable and ambient are empty. no_new_privs is set, except with {@link Options#allowNewPrivileges()}.
     *
     * <p>Only {@link Initial#lockUnprivileged()} and {@link Initial#lockUnprivileged(Identity)} leave the bounding set as it
     * is. They always set no_new_privs.
     *
     * <p>A parameter of this type proves that privileges were dropped. The ids can still be those of root. Check
     * {@link #identity()}.
     */
    sealed interface Dropped extends Ended permits Phases.DroppedPhase {
    }

    /**
     * The end of {@code apply} or {@code enter}. Every thread in scope holds exactly what the caller requested. This can be
     * as much as before, so a parameter of this type proves no drop. Check {@link #sets()}.
     */
    sealed interface Applied extends Ended permits Phases.AppliedPhase {
    }
}
