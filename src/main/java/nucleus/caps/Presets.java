package nucleus.caps;

import static nucleus.caps.Capability.*;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Sets of capabilities that are known by name elsewhere. */
public final class Presets {

    /**
     * What Docker gives a container that asks for nothing: fourteen capabilities, {@code a80425fb}. They are meant for a
     * container with its own namespaces; five of them are {@link #DANGEROUS}.
     *
     * @see <a href="https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities">docker run</a>
     */
    public static final CapabilitySet DOCKER_DEFAULT = CapabilitySet.of(CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER,
            CAP_FSETID, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_NET_BIND_SERVICE, CAP_NET_RAW,
            CAP_SYS_CHROOT, CAP_MKNOD, CAP_AUDIT_WRITE, CAP_SETFCAP);

    /**
     * What nucleus, the container runtime that this library comes from, lets no workload keep in production, in any of
     * the five sets: the seventeen of {@code DANGEROUS_CAPABILITIES} in its capability policy. By most of them a
     * process can become root or read and write what is root's; the others undo its audit or its isolation.
     *
     * <p>That something is not listed does not make it harmless: CAP_NET_ADMIN, CAP_SETPCAP, CAP_SETFCAP, CAP_MKNOD and
     * CAP_CHOWN are not. CAP_NET_ADMIN is looked for by {@link Caps#requireNoNamespaceCaps}.
     */
    public static final CapabilitySet DANGEROUS = CapabilitySet.of(CAP_SYS_ADMIN, CAP_SYS_MODULE, CAP_SYS_RAWIO,
            CAP_SYS_PTRACE, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SYS_BOOT, CAP_MAC_ADMIN, CAP_MAC_OVERRIDE,
            CAP_SYS_PACCT, CAP_LINUX_IMMUTABLE, CAP_BPF, CAP_PERFMON, CAP_NET_RAW, CAP_SETUID, CAP_SETGID, CAP_FOWNER);

    private Presets() {
    }

    /**
     * {@return which members of a set are {@link #DANGEROUS}, or have no name here, so that nothing is known of them}
     *
     * @param set the set
     */
    public static CapabilitySet dangerousIn(CapabilitySet set) {
        return set.intersect(DANGEROUS).union(set.minus(CapabilitySet.ALL));
    }

    /**
     * Checks five sets before they are applied, as nucleus does with a policy in production.
     *
     * @param sets what is to be kept
     * @throws IllegalArgumentException if one of them holds something dangerous; it names all that do
     */
    public static void requireNothingDangerous(CapabilitySets sets) {
        String found = Arrays.stream(SetKind.values()).filter(kind -> !dangerousIn(sets.get(kind)).isEmpty())
                .map(kind -> kind + " " + dangerousIn(sets.get(kind))).collect(Collectors.joining("; "));
        if (!found.isEmpty()) {
            throw new IllegalArgumentException("dangerous in production: " + found);
        }
    }
}
