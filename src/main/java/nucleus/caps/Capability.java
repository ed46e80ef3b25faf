package nucleus.caps;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import nucleus.caps.internal.text.CapabilityNames;
import nucleus.caps.internal.text.Explanations;
import org.jspecify.annotations.Nullable;

/**
 * The Linux capabilities that this library names, spelled as in
 * <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>.
 *
 * <p>A kernel may know more capabilities. A {@link CapabilitySet} holds them by number.
 */
public enum Capability {
    /** Linux 2.2: change the owner and group of any file. */
    CAP_CHOWN(0, "2.2", "change the owner and group of any file"),
    /** Linux 2.2: bypass read, write and execute permission checks of files. */
    CAP_DAC_OVERRIDE(1, "2.2", "bypass read, write and execute permission checks of files"),
    /** Linux 2.2: read any file and search any directory, also through open_by_handle_at(2). */
    CAP_DAC_READ_SEARCH(2, "2.2", "read any file and search any directory, also through open_by_handle_at(2)"),
    /** Linux 2.2: act as the owner of any file: chmod(2), utime(2), ACLs, the sticky bit. */
    CAP_FOWNER(3, "2.2", "act as the owner of any file: chmod(2), utime(2), ACLs, the sticky bit"),
    /** Linux 2.2: keep the set-user-ID and set-group-ID bits of a file that is modified, and set the latter for foreign groups. */
    CAP_FSETID(4, "2.2",
            "keep the set-user-ID and set-group-ID bits of a file that is modified, and set the latter for foreign groups"),
    /** Linux 2.2: signal any process. */
    CAP_KILL(5, "2.2", "signal any process"),
    /** Linux 2.2: change the group ids and the supplementary groups of a process, and write gid maps. */
    CAP_SETGID(6, "2.2", "change the group ids and the supplementary groups of a process, and write gid maps"),
    /** Linux 2.2: change the user ids of a process, and write uid maps. */
    CAP_SETUID(7, "2.2", "change the user ids of a process, and write uid maps"),
    /** Linux 2.2: drop from the bounding set, raise any bounding capability in the inheritable set, change the securebits. */
    CAP_SETPCAP(8, "2.2",
            "drop from the bounding set, raise any bounding capability in the inheritable set, change the securebits"),
    /** Linux 2.2: set the append-only and immutable flags of files. */
    CAP_LINUX_IMMUTABLE(9, "2.2", "set the append-only and immutable flags of files"),
    /** Linux 2.2: bind ports below 1024. */
    CAP_NET_BIND_SERVICE(10, "2.2", "bind ports below 1024"),
    /** Linux 2.2: broadcast and listen to multicasts (unused by the kernel). */
    CAP_NET_BROADCAST(11, "2.2", "broadcast and listen to multicasts (unused by the kernel)"),
    /** Linux 2.2: configure interfaces, routes, the firewall and sockets. */
    CAP_NET_ADMIN(12, "2.2", "configure interfaces, routes, the firewall and sockets"),
    /** Linux 2.2: use RAW and PACKET sockets, bind any address for transparent proxying. */
    CAP_NET_RAW(13, "2.2", "use RAW and PACKET sockets, bind any address for transparent proxying"),
    /** Linux 2.2: lock memory and use huge pages. */
    CAP_IPC_LOCK(14, "2.2", "lock memory and use huge pages"),
    /** Linux 2.2: bypass permission checks of System V IPC objects. */
    CAP_IPC_OWNER(15, "2.2", "bypass permission checks of System V IPC objects"),
    /** Linux 2.2: load and unload kernel modules. */
    CAP_SYS_MODULE(16, "2.2", "load and unload kernel modules"),
    /** Linux 2.2: access I/O ports and raw devices, /proc/kcore and model-specific registers. */
    CAP_SYS_RAWIO(17, "2.2", "access I/O ports and raw devices, /proc/kcore and model-specific registers"),
    /** Linux 2.2: use chroot(2) and enter mount namespaces. */
    CAP_SYS_CHROOT(18, "2.2", "use chroot(2) and enter mount namespaces"),
    /** Linux 2.2: trace any process and read its memory. */
    CAP_SYS_PTRACE(19, "2.2", "trace any process and read its memory"),
    /** Linux 2.2: switch process accounting on and off. */
    CAP_SYS_PACCT(20, "2.2", "switch process accounting on and off"),
    /** Linux 2.2: mount, configure namespaces, quotas, swap, devices: much of what root may do. */
    CAP_SYS_ADMIN(21, "2.2", "mount, configure namespaces, quotas, swap, devices: much of what root is"),
    /** Linux 2.2: reboot, and load a new kernel for later execution. */
    CAP_SYS_BOOT(22, "2.2", "reboot, and load a new kernel for later execution"),
    /** Linux 2.2: raise priorities, set real-time scheduling, affinity and I/O priority of any process. */
    CAP_SYS_NICE(23, "2.2", "raise priorities, set real-time scheduling, affinity and I/O priority of any process"),
    /** Linux 2.2: override resource limits, quotas and reserved space. */
    CAP_SYS_RESOURCE(24, "2.2", "override resource limits, quotas and reserved space"),
    /** Linux 2.2: set the system clock and the hardware clock. */
    CAP_SYS_TIME(25, "2.2", "set the system clock and the hardware clock"),
    /** Linux 2.2: configure terminals, use vhangup(2). */
    CAP_SYS_TTY_CONFIG(26, "2.2", "configure terminals, use vhangup(2)"),
    /** Linux 2.4: create device files. */
    CAP_MKNOD(27, "2.4", "create device files"),
    /** Linux 2.4: take leases on any file. */
    CAP_LEASE(28, "2.4", "take leases on any file"),
    /** Linux 2.6.11: write records to the audit log. */
    CAP_AUDIT_WRITE(29, "2.6.11", "write records to the audit log"),
    /** Linux 2.6.11: configure auditing. */
    CAP_AUDIT_CONTROL(30, "2.6.11", "configure auditing"),
    /** Linux 2.6.24: set capabilities on files. */
    CAP_SETFCAP(31, "2.6.24", "set capabilities on files"),
    /** Linux 2.6.25: override mandatory access control (Smack). */
    CAP_MAC_OVERRIDE(32, "2.6.25", "override mandatory access control (Smack)"),
    /** Linux 2.6.25: configure mandatory access control (Smack). */
    CAP_MAC_ADMIN(33, "2.6.25", "configure mandatory access control (Smack)"),
    /** Linux 2.6.37: read and clear the kernel log, see kernel addresses. */
    CAP_SYSLOG(34, "2.6.37", "read and clear the kernel log, see kernel addresses"),
    /** Linux 3.0: set timers that wake the system up. */
    CAP_WAKE_ALARM(35, "3.0", "set timers that wake the system up"),
    /** Linux 3.5: prevent the system from suspending. */
    CAP_BLOCK_SUSPEND(36, "3.5", "prevent the system from suspending"),
    /** Linux 3.16: read the audit log through a multicast netlink socket. */
    CAP_AUDIT_READ(37, "3.16", "read the audit log through a multicast netlink socket"),
    /** Linux 5.8: monitor performance: perf_event_open(2), some BPF operations. */
    CAP_PERFMON(38, "5.8", "monitor performance: perf_event_open(2), some BPF operations"),
    /** Linux 5.8: load BPF programs and create BPF maps of the privileged kinds. */
    CAP_BPF(39, "5.8", "load BPF programs and create BPF maps of the privileged kinds"),
    /** Linux 5.9: choose thread ids of new processes, read map_files of other processes. */
    CAP_CHECKPOINT_RESTORE(40, "5.9", "choose thread ids of new processes, read map_files of other processes");

    private final int number;
    private final String since;
    private final String allows;

    Capability(int number, String since, String allows) {
        this.number = number;
        this.since = since;
        this.allows = allows;
    }

    /** {@return the kernel's number of this capability, its bit in a mask} */
    public int number() {
        return number;
    }

    /** {@return the Linux version that introduced this capability, for example {@code "5.8"}} */
    public String since() {
        return since;
    }

    /** {@return what a thread with this capability may do, in one line} */
    public String allows() {
        return allows;
    }

    /**
     * {@return one paragraph: what a thread with this capability may do, by which system calls, and how it can be abused}
     *
     * @throws IllegalStateException if the library's text file cannot be read, which can happen after a drop
     */
    public String explanation() {
        return explanations().of(number);
    }

    /**
     * {@return the capabilities whose name or explanation contains, for each given word, a word starting with it} A
     * capability whose name is given comes first. The others follow by ascending number.
     *
     * @param words words, names of system calls or names of files, in any case; without words, all capabilities are found
     * @throws IllegalStateException as {@link #explanation}
     */
    public static List<Capability> about(String... words) {
        return explanations().about(List.of(words)).mapToObj(number -> VALUES[number]).toList();
    }

    /** {@return the name in libcap's form, for example {@code cap_net_bind_service}} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the capability with that number, or empty if this library has no name for it}
     *
     * @param number the kernel's number
     */
    public static Optional<Capability> of(int number) {
        return number >= 0 && number < VALUES.length ? Optional.of(VALUES[number]) : Optional.empty();
    }

    /**
     * {@return the capability of that name}
     *
     * @param name with or without {@code CAP_}, in any case
     * @throws IllegalArgumentException if no capability has that name; the message proposes the nearest name
     */
    public static Capability of(String name) {
        return VALUES[NAMES.number(name)];
    }

    /** The constant with number n has index n. */
    private static final Capability[] VALUES = values();

    static final CapabilityNames NAMES = new CapabilityNames(Stream.of(VALUES).map(Enum::name).toList());

    /** Read on first use. A failed read is tried again at the next use. */
    private static volatile @Nullable Explanations explanations;

    private static Explanations explanations() {
        Explanations known = explanations;
        if (known == null) {
            known = new Explanations(NAMES, Stream.of(VALUES).map(Capability::allows).toList());
            explanations = known;
        }
        return known;
    }
}
