package nucleus.caps;

import java.util.Optional;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.plan.Target;
import nucleus.caps.internal.plan.Transition;
import nucleus.caps.internal.session.OwnerThread;
import nucleus.caps.internal.session.Session;

/**
 * The capability sets of one platform thread, one set at a time, its securebits and no_new_privs.
 *
 * <p>A handle is confined to the thread that asked for it: any other gets a {@link WrongThreadException}. Every change
 * is computed before anything changes, made with one {@code capset} where it concerns permitted, effective and
 * inheritable, and verified by reading the thread back. It reaches what the thread starts afterwards, and no other
 * thread of the JVM. A thread that was restricted should do one thing and end: whatever pools it causes to be created
 * stay restricted.
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
     * @param kind which
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
     * Makes one set exactly that.
     *
     * @param kind which set
     * @param set what it holds afterwards
     * @throws CapsException EPERM, with the missing capabilities, if the rules above do not allow it
     * @throws VerificationException if the thread does not hold it afterwards
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
     * Makes the securebits exactly those. {@code set(secureBits().locking(bit))} locks a bit as it is.
     *
     * @param bits all of them, KEEP_CAPS included
     * @throws CapsException EPERM, with the bit named, if one is locked or not known to the kernel; and without
     *     CAP_SETPCAP effective, unless only EXEC_RESTRICT_FILE, EXEC_DENY_INTERACTIVE and their locks change
     * @throws VerificationException if the thread does not hold them afterwards
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_SECUREBITS.2const.html">PR_SET_SECUREBITS</a>
     */
    public void set(SecureBits bits) {
        change(Target.set(bits));
    }

    /**
     * Sets no_new_privs, for good: no program that this thread starts can gain anything by {@code execve}.
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
     * @param mode which
     * @throws CapsException as there
     * @throws IllegalArgumentException for {@link Mode#UNCERTAIN}
     */
    public void enter(Mode mode) {
        change(Target.enter(mode, false));
    }

    /** {@return what this thread hands on to programs} */
    public Iab iab() {
        return Iab.of(read(), kernel.supported());
    }

    /**
     * Makes inheritable and ambient exactly those, and drops from bounding, as {@link Phase.Initial#apply(Iab)}.
     *
     * @param iab what programs are handed
     * @throws CapsException as there
     */
    public void apply(Iab iab) {
        change(Target.apply(iab, false, Optional.empty()));
    }

    private void change(Target target) {
        owner.check();
        synchronized (Session.LOCK) {
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
     * Removes capabilities from one set, and from those that must lie within it.
     *
     * @param kind which set
     * @param capabilities what to remove
     * @throws CapsException as {@link #set}
     */
    public void lower(SetKind kind, Capability... capabilities) {
        set(kind, read(kind).minus(CapabilitySet.of(capabilities)));
    }

    /**
     * Empties one set, unnamed capabilities included, and those that must lie within it.
     *
     * @param kind which set
     * @throws CapsException as {@link #set}
     */
    public void clear(SetKind kind) {
        set(kind, CapabilitySet.NONE);
    }
}
