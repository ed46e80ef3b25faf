package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.function.Function;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Iab;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;

/** The options whose values are capabilities or securebits. */
final class CapabilityOptions {

    /**
     * Each of these alone lets a program become root again, unless something else confines it: it reads or writes any file or
     * memory, switches to uid 0, or gives itself the other capabilities. The threat model has the same list.
     */
    private static final CapabilitySet AS_GOOD_AS_ROOT = CapabilitySet.of(Capability.CAP_CHOWN, Capability.CAP_DAC_OVERRIDE,
            Capability.CAP_DAC_READ_SEARCH, Capability.CAP_FOWNER, Capability.CAP_SETGID, Capability.CAP_SETUID,
            Capability.CAP_SETFCAP, Capability.CAP_SETPCAP, Capability.CAP_SYS_ADMIN, Capability.CAP_SYS_MODULE,
            Capability.CAP_SYS_PTRACE, Capability.CAP_SYS_RAWIO, Capability.CAP_MKNOD, Capability.CAP_BPF);

    private CapabilityOptions() {
    }

    static CapabilitySet set(CommandLine line, String option) {
        return parse(option, line.value(option).orElse("none"), CapabilitySet::parse);
    }

    static Iab iab(String text) {
        return parse("--iab", text, Iab::parse);
    }

    static SecureBits secureBits(String list) {
        SecureBits bits = parse("--secure-bits", list, SecureBits::parse);
        if (bits.contains(SecureBit.KEEP_CAPS)) {
            throw new UsageException("--secure-bits: keep_caps is never left on");
        }
        return bits;
    }

    private static <T> T parse(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + Line.message(e));
        }
    }

    /** Warns about capabilities that amount to root. */
    static void warn(PrintWriter err, CapabilitySet held) {
        CapabilitySet dangerous = held.intersect(AS_GOOD_AS_ROOT);
        if (!dangerous.isEmpty()) {
            err.println("caps: warning: a program that holds " + dangerous + " can become root again (caps explain)");
            err.flush();
        }
    }
}
