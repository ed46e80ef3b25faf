package nucleus.caps;

import java.util.List;
import java.util.Map;

/**
 * How far a thread, or a process, has come on its way from root to least privilege.
 *
 * <p>Each phase has only the methods that are a legal next step. That the bounding set goes first, the identity is
 * switched next and the rest is cleared last is therefore checked by the compiler:
 *
 * {@snippet class="snippets.Drops" region="steps"}
 *
 * <p>The other way round, every phase can be told from its type:
 *
 * {@snippet class="snippets.Drops" region="switch"}
 *
 * <p><b>Verification.</b> A phase is reached only after the state of every thread in scope was read back from the
 * kernel and found to be the asked one: five sets, four uids and gids, groups, no_new_privs, securebits. Everything is
 * computed before anything changes: what the kernel would refuse is refused with the missing capabilities named, and
 * with nothing changed.
 *
 * <p><b>Use.</b> A phase is used once. The same step with equal arguments again returns the same next phase after the
 * state was read and found unchanged; any other step from a phase that was left throws
 * {@link IllegalStateException}. A step that failed before it changed anything leaves its phase as it was; after one
 * that failed halfway only that same step can be tried again, and it skips what is already so.
 *
 * <p><b>Threads.</b> In {@link Scope#PROCESS} any thread may call, a virtual one too, and every thread is changed: those
 * that exist when a call returns, and those that they create later. A new thread tries the step first and ends: what the
 * kernel refuses there has changed nothing. Threads may differ before; if one of them cannot get where the step leads, the
 * exception names it and the rule. None may block the signal by which they are asked, and no ring of io_uring may be open.
 * If threads were left different from one another the process cannot be relied upon, and every later call throws the
 * exception that said so.
 * In {@link Scope#THREAD} a phase belongs to the platform thread that began: any other gets a
 * {@link WrongThreadException}. The changes reach what that thread starts afterwards, and nothing else.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public sealed interface Phase {

    /** {@return which threads are changed} */
    Scope scope();

    /** {@return every thread in scope as it was last read back} */
    List<ThreadStatus> observed();

    /** Nothing has been changed yet. */
    sealed interface Initial extends Phase permits Phases.InitialPhase {

        /**
         * Empties bounding, inheritable and ambient. Permitted and effective stay for the change of identity.
         *
         * @return the next phase
         * @throws CapsException EPERM without CAP_SETPCAP in the permitted set, unless bounding is empty already;
         *     {@link #lockUnprivileged()} does without
         * @throws VerificationException if something is left; it lists what leaked
         */
        BoundingDropped dropBoundingSet();

        /**
         * As {@link #dropBoundingSet()}, but keeps some capabilities in bounding. Those, and no others, outlive the
         * whole drop in permitted and effective too. What is kept is said here, once.
         *
         * @param keep what to keep
         * @return the next phase
         * @throws CapsException EPERM if {@code keep} is not within permitted and bounding, or without CAP_SETPCAP
         * @throws VerificationException if the sets read back are not the asked ones
         */
        BoundingDropped dropBoundingSetExcept(CapabilitySet keep);

        /**
         * The whole drop without a change of identity: all five sets empty, no_new_privs set.
         *
         * <p>A thread with uid 0 is still root after that: it owns {@code /proc/sys} and {@code /etc}, and through
         * them it gets everything back. A warning is logged.
         *
         * @return the last phase
         * @throws CapsException as the single steps
         */
        Dropped dropAll();

        /**
         * The whole drop: all five sets empty, that identity, no_new_privs set.
         *
         * @param identity whom to become
         * @return the last phase
         * @throws CapsException as the single steps
         */
        Dropped drop(Identity identity);

        /**
         * {@link #dropAll()} but for some capabilities, which stay in bounding, permitted and effective.
         *
         * @param keep what to keep
         * @return the last phase
         * @throws CapsException as the single steps
         */
        Dropped dropExcept(CapabilitySet keep);

        /**
         * {@link #drop(Identity)} but for some capabilities, which stay in bounding, permitted and effective across
         * the change of the uid.
         *
         * @param keep what to keep
         * @param identity whom to become
         * @return the last phase
         * @throws CapsException as the single steps
         */
        Dropped dropExcept(CapabilitySet keep, Identity identity);

        /**
         * What a process can do that has no CAP_SETPCAP anywhere, as in a container that runs as an ordinary user:
         * empties permitted, effective, inheritable and ambient, and sets no_new_privs. The bounding set stays as it
         * is, since nothing may be dropped from it; with no_new_privs no program gains what it would allow.
         *
         * <p>Where CAP_SETPCAP can be had, {@link #dropAll()} empties the bounding set too.
         *
         * @return the last phase
         * @throws CapsException if one of the four uids of a thread is 0
         * @throws IllegalStateException with {@link Options#allowNewPrivileges()}
         */
        Dropped lockUnprivileged();

        /**
         * Ends with exactly those five sets. Sets no_new_privs only with {@link Options#withNoNewPrivs()}.
         *
         * <p>With {@link Options#withSecureBits} and the sets that the threads hold already, only the securebits change.
         *
         * @param sets the five sets. Bounding and permitted lie within the present ones, effective within permitted,
         *     inheritable within the present inheritable and what can be raised in it (bounding, and without
         *     CAP_SETPCAP also permitted), ambient within permitted and inheritable
         * @return the last phase
         * @throws CapsException EPERM if one of these does not hold, with the missing capabilities; nothing is changed
         */
        Applied apply(CapabilitySets sets);

        /**
         * Ends with exactly those five sets and that identity: what a container runtime does last.
         *
         * @param sets as for {@link #apply(CapabilitySets)}
         * @param identity whom to become
         * @return the last phase
         * @throws CapsException as for {@link #apply(CapabilitySets)}, and as {@link BoundingDropped#switchIdentity}
         */
        Applied apply(CapabilitySets sets, Identity identity);

        /**
         * Ends with exactly that inheritable and ambient, and with bounding without what is dropped: what
         * {@code cap_iab_set_proc} of libcap does. Permitted and effective stay as they are. Sets no_new_privs only
         * with {@link Options#withNoNewPrivs()}.
         *
         * @param iab what programs are handed
         * @return the last phase
         * @throws CapsException EPERM if inheritable is not within what can be raised in it, or ambient not within
         *     permitted, with the missing capabilities; without CAP_SETPCAP permitted where something is to be dropped
         * @see <a href="https://man7.org/linux/man-pages/man3/cap_iab.3.html">cap_iab(3)</a>
         */
        Applied apply(Iab iab);

        /**
         * Enters one of libcap's modes, as {@code cap_set_mode} and {@code capsh --mode=} do: sets the securebits of the
         * mode and clears what it excludes. Effective is empty afterwards in every mode; what is permitted can be raised
         * again. NOPRIV sets no_new_privs, the others only with {@link Options#withNoNewPrivs()}.
         *
         * @param mode which
         * @return the last phase
         * @throws CapsException EPERM without CAP_SETPCAP permitted, or with the bit named where one is locked otherwise;
         *     from NOPRIV for any other mode
         * @throws IllegalArgumentException for {@link Mode#UNCERTAIN}
         * @throws IllegalStateException with {@link Options#withSecureBits}: a mode has its own securebits
         * @see <a href="https://man7.org/linux/man-pages/man3/cap_set_mode.3.html">cap_set_mode(3)</a>
         */
        Applied enter(Mode mode);
    }

    /** Bounding holds what is kept; inheritable and ambient are empty; permitted and effective are as they were. */
    sealed interface BoundingDropped extends Phase permits Phases.BoundingDroppedPhase {

        /**
         * Sets the supplementary groups, then all four gids, then all four uids. Ends with permitted and effective
         * equal to what is kept, also where the kernel's own rule would leave more, and with KEEPCAPS off.
         *
         * @param identity whom to become
         * @return the next phase
         * @throws CapsException EPERM without CAP_SETGID or CAP_SETUID in the permitted set where the id differs, or
         *     where {@code /proc/self/setgroups} says deny and the groups differ; EINVAL for an id that is not mapped
         *     in the user namespace
         * @see <a href="https://man7.org/linux/man-pages/man2/setresuid.2.html">setresuid(2)</a>
         */
        IdentitySwitched switchIdentity(Identity identity);

        /**
         * Clears permitted and effective but for what is kept, then sets no_new_privs, without a change of identity.
         *
         * @return the last phase
         * @throws CapsException if the kernel refuses
         */
        Dropped finalizeDrop();
    }

    /** The thread is whom it was to become, and holds nothing but what is kept. */
    sealed interface IdentitySwitched extends Phase permits Phases.IdentitySwitchedPhase {

        /**
         * Clears what is left in permitted and effective but for what is kept, then sets no_new_privs, and verifies
         * the identity once more.
         *
         * @return the last phase
         * @throws CapsException if the kernel refuses
         */
        Dropped finalizeDrop();
    }

    /** The end: verified, and without a method that leads on. Its type says what is proved of every thread in scope. */
    sealed interface Ended extends Phase permits Dropped, Applied {

        /** {@return the effective ids and the groups, as read back} */
        Identity identity();

        /** {@return the five sets, as read back} */
        CapabilitySets sets();

        /** {@return whether no_new_privs is set, as read back} */
        boolean noNewPrivs();

        /**
         * {@link #exec(List, Map)} with the environment of this JVM.
         *
         * @param command the program and its arguments
         */
        void exec(List<String> command);

        /**
         * Makes another program of this process: execve(2) by the calling thread. Where it succeeds this JVM is gone,
         * without shutdown hooks, and the program has its pid, its working directory, its descriptors 0, 1 and 2, and
         * what this phase ended with.
         *
         * <p>The state is read once more before. Then all other descriptors become close-on-exec, ignored signals get
         * their defaults, and no signal is blocked. Other threads should open nothing meanwhile. Where execve fails, signals
         * are as they were and the JVM lives on, with those descriptors close-on-exec.
         *
         * <p>What was kept in permitted and effective is not ambient: by the rule of capabilities(7) only uid 0 has it
         * after an execve. Others need {@link Initial#apply(CapabilitySets, Identity)} with an ambient set.
         *
         * @param command the program, looked for in the PATH of this JVM where its name has no slash; and its arguments
         * @param environment its environment, all of it
         * @throws CapsException if execve is refused
         * @throws VerificationException if the state is not the one that was verified; the JVM is not replaced then
         * @throws IllegalArgumentException if there is no command, or a word that cannot be passed on
         * @see <a href="https://man7.org/linux/man-pages/man2/execve.2.html">execve(2)</a>
         */
        void exec(List<String> command, Map<String, String> environment);
    }

    /**
     * The end of a drop. Every thread in scope holds nothing but what the caller named in {@code dropExcept} or
     * {@code dropBoundingSetExcept}: bounding, permitted and effective are that set, which is empty by default, and
     * inheritable and ambient are empty. no_new_privs is set, unless the caller said
     * {@link Options#allowNewPrivileges()}.
     *
     * <p>{@link Initial#lockUnprivileged()} alone leaves the bounding set as it is; there no_new_privs is always set.
     *
     * <p>A parameter of this type proves that privileges were given up. The ids can still be those of root:
     * {@link #identity()} says so.
     */
    sealed interface Dropped extends Ended permits Phases.DroppedPhase {
    }

    /**
     * The end of {@code apply} or {@code enter}. Every thread in scope holds exactly what the caller asked for. That can be
     * as much as before, so a parameter of this type proves no drop: look at {@link #sets()}.
     */
    sealed interface Applied extends Ended permits Phases.AppliedPhase {
    }
}
