package nucleus.caps;

import static nucleus.caps.Capability.*;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Well-known sets of capabilities. */
public final class Presets {

    /**
     * Docker's default capabilities for a container: fourteen capabilities, {@code a80425fb}. They are meant for a container
     * with its own namespaces. Five of them are {@link #DANGEROUS}.
     *
     * @see <a href="https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities">docker run</a>
     */
    public static final CapabilitySet DOCKER_DEFAULT = CapabilitySet.of(CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER,
            CAP_FSETID, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_NET_BIND_SERVICE, CAP_NET_RAW,
            CAP_SYS_CHROOT, CAP_MKNOD, CAP_AUDIT_WRITE, CAP_SETFCAP);

    /**
     * The seventeen capabilities that no workload may keep in production, in any of the five sets. nucleus, the container
     * runtime that this library comes from, lists them as {@code DANGEROUS_CAPABILITIES} in its capability policy. With most
     * of them a process can become root, or read and write files of root. The others undo its audit or its isolation.
     *
     * <p>A capability that is not listed can still be harmful: CAP_NET_ADMIN, CAP_SETPCAP, CAP_SETFCAP, CAP_MKNOD and
     * CAP_CHOWN are not listed. {@link Caps#requireNoNamespaceCaps} checks for CAP_NET_ADMIN.
     */
    public static final CapabilitySet DANGEROUS = CapabilitySet.of(CAP_SYS_ADMIN, CAP_SYS_MODULE, CAP_SYS_RAWIO,
            CAP_SYS_PTRACE, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SYS_BOOT, CAP_MAC_ADMIN, CAP_MAC_OVERRIDE,
            CAP_SYS_PACCT, CAP_LINUX_IMMUTABLE, CAP_BPF, CAP_PERFMON, CAP_NET_RAW, CAP_SETUID, CAP_SETGID, CAP_FOWNER);

    private Presets() {
    }

    /**
     * {@return the members of a set that are {@link #DANGEROUS} or that have no {@link Capability} constant} Nothing is
     * known about the latter.
     *
     * @param set the set
     */
    public static CapabilitySet dangerousIn(CapabilitySet set) {
        return set.intersect(DANGEROUS).union(set.minus(CapabilitySet.ALL));
    }

    /**
     * Checks five sets before they are applied, as nucleus checks a policy in production.
     *
     * @param sets the sets to keep
     * @throws IllegalArgumentException if a set holds a dangerous capability; the message names all of them
     */
    public static void requireNothingDangerous(CapabilitySets sets) {
        String found = Arrays.stream(SetKind.values()).filter(kind -> !dangerousIn(sets.get(kind)).isEmpty())
                .map(kind -> kind + " " + dangerousIn(sets.get(kind))).collect(Collectors.joining("; "));
        if (!found.isEmpty()) {
            throw new IllegalArgumentException("dangerous in production: " + found);
        }
    }
}
