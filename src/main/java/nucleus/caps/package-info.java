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
 * <h2 id="threats">What a drop does not protect from</h2>
 *
 * <table class="striped">
 * <caption>After a verified drop, and what to do about it</caption>
 * <thead><tr><th scope="col">what is left</th><th scope="col">why</th><th scope="col">what helps</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">uid 0 without capabilities</th>
 *     <td>It owns {@code /proc/sys} and {@code /etc}. By writing {@code core_pattern} and ending by a signal it has the
 *         kernel run a program with every capability.</td>
 *     <td>Another uid, gid and groups: {@code drop(identity)}. An end as root is logged as a warning.</td></tr>
 * <tr><th scope="row">user namespaces</th>
 *     <td>CLONE_NEWUSER needs no capability, and gives all of them inside the new namespace, whatever the bounding set
 *         and no_new_privs: over what that namespace owns, and with that much more of the kernel to attack.</td>
 *     <td>seccomp, a security module, or {@code user.max_user_namespaces=0}.</td></tr>
 * <tr><th scope="row">set-user-ID programs</th>
 *     <td>Without no_new_privs they run as their owner, root as a rule, however empty the bounding set is.</td>
 *     <td>no_new_privs, the last step of every drop unless {@code allowNewPrivileges()} was said.</td></tr>
 * <tr><th scope="row">a shared uid, and attaching</th>
 *     <td>Any process of the same uid can attach to the JVM and have it run code, send it signals, and change its
 *         files.</td>
 *     <td>A uid of its own, not nobody's, and {@code -XX:+DisableAttachMechanism}.</td></tr>
 * <tr><th scope="row">descriptors already open</th>
 *     <td>Rights are checked when something is opened. Files, sockets, devices and directories stay as usable as they
 *         were.</td>
 *     <td>Close what is not needed before the drop.</td></tr>
 * <tr><th scope="row">children started before</th>
 *     <td>They are processes of their own, and keep what they have.</td>
 *     <td>Start them after the drop, or with a {@code Launcher}.</td></tr>
 * <tr><th scope="row">io_uring</th>
 *     <td>A ring does work with the privileges of the thread that made it, or that it registered, after those were given
 *         up.</td>
 *     <td>A process with a ring is refused unless {@code allowIoUring()} was said. A ring that has
 *         neither a descriptor nor a thread of the kernel is not seen.</td></tr>
 * <tr><th scope="row">agents, JNI and foreign functions in this process</th>
 *     <td>Native code can block signals, make system calls, and put back into a thread what it kept. What runs before
 *         the drop can do as it likes.</td>
 *     <td>Drop early, before code is loaded that is not trusted; {@code requireDropped()} again later.</td></tr>
 * <tr><th scope="row">{@code Scope.THREAD}</th>
 *     <td>Threads share memory: one that kept its privileges can be made to use them.</td>
 *     <td>It is for what the thread starts or becomes. {@code Scope.PROCESS}, or another process, confines code.</td></tr>
 * <tr><th scope="row">kept capabilities that amount to root</th>
 *     <td>CAP_SETUID and CAP_SETGID become root; CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_CHOWN and CAP_FOWNER read or
 *         write what is root's; CAP_SYS_PTRACE enters its processes; CAP_SYS_ADMIN, CAP_SYS_MODULE, CAP_SYS_RAWIO,
 *         CAP_BPF and CAP_MKNOD its kernel and devices; CAP_SETFCAP
 *         and CAP_SETPCAP have programs gain what the bounding set still has.</td>
 *     <td>Keep none of them: {@link nucleus.caps.Presets#requireNothingDangerous}, {@code caps explain}.</td></tr>
 * </tbody>
 * </table>
 *
 * <h2 id="afterwards">What no longer works afterwards</h2>
 *
 * The JVM is another user now, and one that the kernel protects from being looked into. Crashes leave no core file, since
 * a change of the uid makes a process undumpable, proc(5). A heap dump or a crash report goes where that user may
 * write, so {@code -XX:HeapDumpPath} and {@code -XX:ErrorFile} should say where. Log files that are open stay open, but
 * cannot be rotated in a directory of root's; keys and certificates that only root can read cannot be read again; a file
 * with the process id in {@code /run} cannot be removed. Classes in jars and directories that only root can read cannot
 * be loaded any more: this library has loaded its own before, a program has to see to the rest.
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

