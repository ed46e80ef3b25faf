package nucleus.caps;

import java.util.Optional;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.plan.Target;
import nucleus.caps.internal.plan.Transition;
import nucleus.caps.internal.session.OwnerThread;
import nucleus.caps.internal.sys.ChangeLock;

/**
 * Changes single capability sets, the securebits and no_new_privs of one platform thread.
 *
 * <p>A handle is confined to the thread that requested it. Any other thread gets a {@link WrongThreadException}. Every
 * change is computed before anything changes, and verified by reading the thread back. One {@code capset} call changes
 * permitted, effective and inheritable together. A change affects the thread and what it starts afterwards, and no other
 * thread of the JVM. A restricted thread should do one task and end, because thread pools that it creates stay restricted.
 *
 * {@snippet class="snippets.Restricted" region="single"}
 *
 * <p>What the kernel allows for each set:
 * <table>
 * <caption>The rules of capabilities(7)</caption>
 * <tr><th>set</th><th>raise</th><th>lower</th></tr>
 * <tr><td>bounding</td><td>never</td><td>with CAP_SETPCAP effective</td></tr>
 * <tr><td>permitted</td><td>never</td><td>always; lowers effective and ambient with it</td></tr>
 * <tr><td>effective</td><td>within permitted</td><td>always</td></tr>
 * <tr><td>inheritable</td><td>within bounding and permitted; with CAP_SETPCAP effective within bounding</td>
 *     <td>always; lowers ambient with it</td></tr>
 * <tr><td>ambient</td><td>within permitted and inheritable, unless a securebit forbids it</td><td>always</td></tr>
 * </table>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/capset.2.html">capset(2)</a>
 */
public final class ThreadCaps {

    private final Kernel kernel;
    private final OwnerThread owner;

    ThreadCaps(Kernel kernel, OwnerThread owner) {
        this.kernel = kernel;
        this.owner = owner;
    }

    /** {@return the five sets, one consistent snapshot} */
    public CapabilitySets read() {
        owner.check();
        return kernel.observe(Scope.THREAD).getFirst().sets();
    }

    /**
     * {@return one of the five sets}
     *
     * @param kind which set
     */
    public CapabilitySet read(SetKind kind) {
        return read().get(kind);
    }

    /**
     * {@return whether that set holds that capability}
     *
     * @param kind which set
     * @param capability the capability
     */
    public boolean has(SetKind kind, Capability capability) {
        return read(kind).contains(capability);
    }

    /**
     * Replaces one set.
     *
     * @param kind which set
     * @param set the new set
     * @throws CapsException EPERM, with the missing capabilities, if the rules above do not allow the change
     * @throws VerificationException if the thread does not hold the set afterwards
     */
    public void set(SetKind kind, CapabilitySet set) {
        change(Target.set(kind, set));
    }

    /** {@return the securebits} */
    public SecureBits secureBits() {
        owner.check();
        return kernel.observe(Scope.THREAD).getFirst().secureBits().orElseThrow();
    }

    /**
     * Replaces the securebits. {@code set(secureBits().locking(bit))} locks a bit at its present value.
     *
     * @param bits all securebits, KEEP_CAPS included
     * @throws CapsException EPERM, with the bit named, if a bit is locked or not known to the kernel; EPERM without
     *     CAP_SETPCAP effective, unless only EXEC_RESTRICT_FILE, EXEC_DENY_INTERACTIVE and their locks change
     * @throws VerificationException if the thread does not have the securebits afterwards
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_SECUREBITS.2const.html">PR_SET_SECUREBITS</a>
     */
    public void set(SecureBits bits) {
        change(Target.set(bits));
    }

    /**
     * Sets no_new_privs permanently: no program that this thread starts can gain privileges by {@code execve}.
     *
     * @throws CapsException if the kernel refuses
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html">PR_SET_NO_NEW_PRIVS</a>
     */
    public void setNoNewPrivs() {
        change(Target.setNoNewPrivs());
    }

    /** {@return libcap's mode of this thread} */
    public Mode mode() {
        owner.check();
        return Mode.of(kernel.observe(Scope.THREAD).getFirst());
    }

    /**
     * Enters one of libcap's modes, as {@link Phase.Initial#enter}.
     *
     * @param mode the mode
     * @throws CapsException as {@link Phase.Initial#enter}
     * @throws IllegalArgumentException for {@link Mode#UNCERTAIN}
     */
    public void enter(Mode mode) {
        change(Target.enter(mode, false));
    }

    /** {@return what child programs of this thread inherit} */
    public Iab iab() {
        return Iab.of(read(), kernel.supported());
    }

    /**
     * Replaces inheritable and ambient, and drops from bounding, as {@link Phase.Initial#apply(Iab)}.
     *
     * @param iab what child programs inherit
     * @throws CapsException as {@link Phase.Initial#apply(Iab)}
     */
    public void apply(Iab iab) {
        change(Target.apply(iab, false, Optional.empty()));
    }

    private void change(Target target) {
        owner.check();
        synchronized (ChangeLock.LOCK) {
            Transition.perform(kernel, Scope.THREAD, target);
        }
    }

    /**
     * Adds capabilities to one set.
     *
     * @param kind which set
     * @param capabilities what to add
     * @throws CapsException as {@link #set}
     */
    public void raise(SetKind kind, Capability... capabilities) {
        set(kind, read(kind).union(CapabilitySet.of(capabilities)));
    }

    /**
     * Removes capabilities from one set, and from the sets that must be subsets of it.
     *
     * @param kind which set
     * @param capabilities what to remove
     * @throws CapsException as {@link #set}
     */
    public void lower(SetKind kind, Capability... capabilities) {
        set(kind, read(kind).minus(CapabilitySet.of(capabilities)));
    }

    /**
     * Empties one set, unnamed capabilities included, and the sets that must be subsets of it.
     *
     * @param kind which set
     * @throws CapsException as {@link #set}
     */
    public void clear(SetKind kind) {
        set(kind, CapabilitySet.NONE);
    }
}
