/**
 * Takes a JVM, or one thread of it, from root to least privilege on Linux, and proves that nothing was left behind.
 *
 * {@snippet class="snippets.Drops" region="whole"}
 *
 * <h2 id="model">Threads, five sets, an identity</h2>
 *
 * What root may do is divided into some forty <em>capabilities</em>, {@link nucleus.caps.Capability}. A process has none
 * of its own: every <em>thread</em> has five sets of them, its uids, gids and groups, its securebits and no_new_privs. A
 * JVM has about eighteen threads before {@code main} runs, and a thread begins with what the thread held that created
 * it.
 *
 * <table class="striped">
 * <caption>The five sets of a thread, {@link nucleus.caps.SetKind}</caption>
 * <thead><tr><th scope="col">set</th><th scope="col">what it is for</th><th scope="col">who may add to it</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">effective</th><td>what the kernel checks</td><td>the thread, what is permitted</td></tr>
 * <tr><th scope="row">permitted</th><td>what the thread may make effective</td><td>nobody but execve(2)</td></tr>
 * <tr><th scope="row">inheritable</th><td>what a program gains whose file names it too</td>
 *     <td>the thread, what is permitted; with CAP_SETPCAP what is in bounding</td></tr>
 * <tr><th scope="row">ambient</th><td>what any program gains</td><td>the thread, what is permitted and inheritable</td></tr>
 * <tr><th scope="row">bounding</th><td>what no program gains that is not in it</td><td>nobody</td></tr>
 * </tbody>
 * </table>
 *
 * <h2 id="scopes">Scopes</h2>
 *
 * What changes anything takes a {@link nucleus.caps.Scope}. {@code PROCESS} is every thread that exists when the call
 * returns, those of the collector and the compiler among them, and every thread that they create later. {@code THREAD}
 * is the calling platform thread and what it starts afterwards. Linux lets a thread change only itself, so in
 * {@code PROCESS} each is sent a signal. In the handler it makes the system calls and asks the kernel what it holds now. A
 * call succeeds only if every living thread has told its own state after its last change, or was created by one that had;
 * {@code /proc} is the second witness. Where that is not possible, because of another C library, another processor or a
 * thread that does not answer, the call fails with the reason, and does not settle for less.
 *
 * <h2 id="phases">Phases</h2>
 *
 * CAP_SETPCAP is needed to drop from the bounding set, CAP_SETUID and CAP_SETGID to become somebody else: so bounding
 * goes first, then the identity is switched, then the rest is cleared. Each step is a method of the
 * {@link nucleus.caps.Phase} before it and of no other, so another order does not compile.
 *
 * <pre>
 *  {@link nucleus.caps.Caps#begin Caps.begin(scope)}
 *         |
 *         v
 *      {@link nucleus.caps.Phase.Initial Initial} ------- apply, enter ---------------------&gt; {@link nucleus.caps.Phase.Applied Applied} -- exec --&gt; a program
 *         |  |
 *         |  +--- dropAll, drop, dropExcept, lockUnprivileged ---+
 *         |                                                      |
 *         |  dropBoundingSet, dropBoundingSetExcept              |
 *         v                                                      |
 *  {@link nucleus.caps.Phase.BoundingDropped BoundingDropped} --- finalizeDrop -----------------------+     |
 *         |                                                |     |
 *         |  switchIdentity                                |     |
 *         v                                                v     v
 *  {@link nucleus.caps.Phase.IdentitySwitched IdentitySwitched} -- finalizeDrop ---------------------&gt; {@link nucleus.caps.Phase.Dropped Dropped} -- exec --&gt; a program
 * </pre>
 *
 * {@snippet class="snippets.Drops" region="steps"}
 *
 * What concerns every step is said before the first one, as {@link nucleus.caps.Options}:
 *
 * {@snippet class="snippets.Drops" region="options"}
 *
 * A drop ends in {@link nucleus.caps.Phase.Dropped Dropped}: nothing is left but what was said to be kept. {@code apply} and
 * {@code enter} end in {@link nucleus.caps.Phase.Applied Applied}: every thread holds what was asked, which can be as much
 * as before. A phase is reached only after every thread in scope has told that it is as asked. What the kernel would
 * refuse is computed before anything changes, and refused with the missing capabilities named:
 *
 * {@snippet class="snippets.Drops" region="failing"}
 *
 * Whoever catches such an exception should end the process. One whose {@link nucleus.caps.CapsException#changed()} says
 * no has found all as it was; after one that left threads different from one another, every later call throws it again.
 *
 * <h2 id="recipes">More than a whole drop</h2>
 *
 * Something can be kept across the change of the uid, or all five sets be given, as container runtimes do:
 *
 * {@snippet class="snippets.Drops" region="keeping"}
 * {@snippet class="snippets.Drops" region="applying"}
 *
 * A {@link nucleus.caps.Launcher} starts a program that holds exactly what is named, while this JVM keeps what it has; a
 * {@link nucleus.caps.RestrictedTask} runs a task on a thread of its own that has dropped before; and
 * {@link nucleus.caps.ThreadCaps} changes single sets of the calling thread.
 *
 * <h2 id="reading">Reading and checking</h2>
 *
 * {@snippet class="snippets.Reading" region="reading"}
 *
 * A program that relies on having been started without privileges can require it:
 *
 * {@snippet class="snippets.Reading" region="startup"}
 *
 * <h2 id="threats">Limits</h2>
 *
 * After a verified drop these ways to power remain. The page {@code src/docs/threat-model.md} of the sources explains each
 * of them and what helps.
 *
 * <ul>
 * <li>A thread with uid, gid or group 0 owns {@code /proc/sys} and {@code /etc}. Switch to another identity.
 * <li>{@code CLONE_NEWUSER} needs no capability. It gives all capabilities inside a new user namespace.
 * <li>Without no_new_privs, set-user-ID programs run as their owner.
 * <li>A process of the same uid can attach to the JVM, signal it and change its files.
 * <li>Open descriptors, rings of io_uring and children that were started before the drop keep their rights.
 * <li>Native code in this process can block signals and make system calls.
 * <li>{@code Scope.THREAD} confines no code: threads share memory.
 * <li>Some capabilities amount to root, {@link nucleus.caps.Presets#requireNothingDangerous}. Keep none of them.
 * </ul>
 *
 * <h2 id="afterwards">What no longer works afterwards</h2>
 *
 * The JVM is another user. It writes no core file, because a change of the uid makes a process undumpable, proc(5). It
 * cannot read a file, load a class, rotate a log or remove a file that only root may. The page
 * {@code src/docs/troubleshooting.md} of the sources lists messages and remedies.
 *
 * <h2 id="requirements">Requirements</h2>
 *
 * Linux 4.10 or newer with {@code /proc}; x86-64 or aarch64, for {@code Scope.THREAD} riscv64 too; for
 * {@code Scope.PROCESS} glibc or musl. {@code java --enable-native-access=nucleus.caps}, or {@code =ALL-UNNAMED} where this is on
 * the class path: without it JDK 24 and newer warn, and refuse where they are told to. Logging is log4j's, by the name
 * {@code nucleus.caps}: what was reached at level INFO, an end as root at WARN.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/credentials.7.html">credentials(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/nptl.7.html">nptl(7)</a>
 */
package nucleus.caps;
