/**
 * Takes a JVM, or one of its threads, from root to least privilege on Linux, and proves that no privilege remains.
 *
 * {@snippet class="snippets.Drops" region="whole"}
 *
 * <h2 id="model">Threads, five sets, an identity</h2>
 *
 * Linux divides the privileges of root into about forty <em>capabilities</em>, {@link nucleus.caps.Capability}. They belong
 * to threads, not to a process. Every <em>thread</em> has five capability sets, its uids, gids and groups, its securebits
 * and no_new_privs. A JVM has about eighteen threads before {@code main} runs. A new thread begins with the state of the
 * thread that creates it.
 *
 * <table class="striped">
 * <caption>The five sets of a thread, {@link nucleus.caps.SetKind}</caption>
 * <thead><tr><th scope="col">set</th><th scope="col">meaning</th><th scope="col">what can be added</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">effective</th><td>what the kernel checks</td><td>permitted capabilities</td></tr>
 * <tr><th scope="row">permitted</th><td>what the thread may make effective</td>
 *     <td>nothing, except by execve(2) and in a new user namespace</td></tr>
 * <tr><th scope="row">inheritable</th><td>what a program with matching file capabilities gains</td>
 *     <td>capabilities in bounding that are also permitted; with CAP_SETPCAP all in bounding</td></tr>
 * <tr><th scope="row">ambient</th><td>what any program gains</td><td>capabilities that are permitted and inheritable</td></tr>
 * <tr><th scope="row">bounding</th><td>the limit on what files and uid 0 give to a program</td>
 *     <td>nothing, except in a new user namespace</td></tr>
 * </tbody>
 * </table>
 *
 * <h2 id="scopes">Scopes</h2>
 *
 * {@link nucleus.caps.Caps#begin} takes a {@link nucleus.caps.Scope}. {@code PROCESS} is every thread that exists when the
 * call returns, including the threads of the garbage collector and the compiler, and every thread that they create later.
 * {@code THREAD} is the calling platform thread and what it starts afterwards. On Linux a thread can change only itself, so
 * in {@code PROCESS} each thread gets a signal. In the handler the thread makes the system calls and then reads its state
 * from the kernel. A call succeeds only if every living thread has reported its own state after its last change, or was
 * created by a thread that had. {@code /proc} is the second witness. If this is not possible, because of another C library,
 * another processor or a thread that does not answer, the call fails with the reason. It never accepts less.
 *
 * <h2 id="phases">Phases</h2>
 *
 * Dropping from the bounding set needs CAP_SETPCAP. Switching the identity needs CAP_SETUID and CAP_SETGID. Therefore
 * bounding is dropped first, then the identity is switched, then the rest is cleared. Each step is a method of only the
 * {@link nucleus.caps.Phase} before it, so a wrong order does not compile.
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
 * {@link nucleus.caps.Options} are set before the first step and apply to every step:
 *
 * {@snippet class="snippets.Drops" region="options"}
 *
 * A drop ends in {@link nucleus.caps.Phase.Dropped Dropped}: only the kept capabilities remain. {@code apply} and
 * {@code enter} end in {@link nucleus.caps.Phase.Applied Applied}: every thread holds what was requested, which can be as
 * much as before. A phase is reached only after every thread in scope has reported the requested state. Each step is
 * computed before anything changes. If the kernel would refuse it, an exception names the missing capabilities:
 *
 * {@snippet class="snippets.Drops" region="failing"}
 *
 * After catching such an exception, end the process. If {@link nucleus.caps.CapsException#changed()} is false, nothing has
 * changed. If a failed step left threads different from one another, every later call on phases of the same {@code begin}
 * throws the same exception.
 *
 * <h2 id="recipes">More than a whole drop</h2>
 *
 * A drop can keep capabilities across the change of the uid. {@code apply} sets all five sets, as container runtimes do:
 *
 * {@snippet class="snippets.Drops" region="keeping"}
 * {@snippet class="snippets.Drops" region="applying"}
 *
 * A {@link nucleus.caps.Launcher} starts a program with exactly the requested state, and this JVM stays as it is. A
 * {@link nucleus.caps.RestrictedTask} runs a task on a new thread that drops privileges first.
 * {@link nucleus.caps.ThreadCaps} changes single sets of the calling thread.
 *
 * <h2 id="reading">Reading and checking</h2>
 *
 * {@snippet class="snippets.Reading" region="reading"}
 *
 * A program that must start without privileges can check this:
 *
 * {@snippet class="snippets.Reading" region="startup"}
 *
 * <h2 id="threats">Limits</h2>
 *
 * After a verified drop these attack paths remain. The page {@code src/docs/threat-model.md} of the sources explains each
 * path and its remedy.
 *
 * <ul>
 * <li>A thread with uid, gid or group 0 owns {@code /proc/sys} and {@code /etc}. Switch to another identity.
 * <li>{@code CLONE_NEWUSER} needs no capability. It gives all capabilities inside a new user namespace. The option
 * {@link nucleus.caps.Options#denyNamespaces()} refuses it.
 * <li>Without no_new_privs, set-user-ID programs run as their owner.
 * <li>A process with the same uid can attach to the JVM, signal it and change its files.
 * <li>Open descriptors, rings of io_uring and children that were started before the drop keep their rights.
 * <li>Native code in this process can block signals and make system calls.
 * <li>{@code Scope.THREAD} confines no code: threads share memory.
 * <li>Some capabilities amount to root, {@link nucleus.caps.Presets#requireNothingDangerous}. Keep none of them.
 * </ul>
 *
 * <h2 id="afterwards">What no longer works afterwards</h2>
 *
 * The JVM runs as another user. It writes no core file, because a change of the uid makes a process undumpable, proc(5). It
 * can no longer read files, load classes, rotate logs or remove files that only root can access. The page
 * {@code src/docs/troubleshooting.md} of the sources lists messages and remedies.
 *
 * <h2 id="requirements">Requirements</h2>
 *
 * The library needs Linux 4.11 or newer with {@code /proc}, and x86-64, aarch64 or riscv64. {@code Scope.PROCESS} needs glibc
 * or musl. A {@link nucleus.caps.Launcher} does not support riscv64. Start with {@code java
 * --enable-native-access=nucleus.caps}, or with {@code =ALL-UNNAMED} if the library is on the class path. Without this option
 * JDK 24 and newer warn, or refuse if so configured.
 *
 * <p>The library logs by the name {@code nucleus.caps}: to log4j if the application has it with a provider, and to
 * {@link java.lang.System.Logger} otherwise. A reached end is one line at level INFO, an end as root at WARN. The system
 * property {@code nucleus.caps.log} is a level, and sends lines of this level and above to standard error instead.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/credentials.7.html">credentials(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/nptl.7.html">nptl(7)</a>
 */
package nucleus.caps;
