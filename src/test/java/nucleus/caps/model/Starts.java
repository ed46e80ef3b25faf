package nucleus.caps.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;

/** The start states of a thread. */
final class Starts {

    /** The kinds of capability that the phases and the kernel tell apart. */
    static final List<CapabilitySet> KINDS = List.of(CapabilitySet.of(Capability.CAP_SETPCAP),
            CapabilitySet.of(Capability.CAP_SETGID, Capability.CAP_SETUID), CapabilitySet.of(Capability.CAP_CHOWN));
    static final CapabilitySet ALL = KINDS.get(0).union(KINDS.get(1)).union(KINDS.get(2));

    private static final int B = 1;
    private static final int P = 2;
    private static final int E = 4;
    private static final int I = 8;
    private static final int A = 16;

    /** Where one capability can be: sixteen places, as a mask of the five sets. */
    private static final int[] PLACES = IntStream.range(0, 32)
            .filter(m -> ((m & E) == 0 || (m & P) != 0) && ((m & A) == 0 || (m & (P | I)) == (P | I))).toArray();
    private static final int[] USUAL = {B | P, B | P | E};

    private static final List<SecureBits> BITS = List.of(SecureBits.NONE, SecureBits.of(SecureBit.KEEP_CAPS),
            SecureBits.of(SecureBit.NO_SETUID_FIXUP), new SecureBits(0x20), SecureBits.of(SecureBit.NO_CAP_AMBIENT_RAISE),
            new SecureBits(0x30), SecureBits.LOCKED_DOWN);

    private Starts() {
    }

    /** Every place of every kind, or, if not full, one kind at every place and the others at usual places. */
    static List<Credentials> of(boolean full) {
        List<Credentials> starts = new ArrayList<>();
        for (int pcap : PLACES) {
            for (int ids : PLACES) {
                for (int other : PLACES) {
                    if (full || usual(pcap) + usual(ids) + usual(other) >= 2) {
                        for (SecureBits bits : BITS) {
                            starts.add(state(0, bits, pcap, ids, other));
                            starts.add(state(1000, bits, pcap, ids, other));
                        }
                    }
                }
            }
        }
        return starts;
    }

    /** States that a process can have beside one another. */
    static List<Credentials> few() {
        int held = B | P | E;
        SecureBits none = SecureBits.NONE;
        return List.of(state(0, none, held, held, held), state(0, none, B | P, B | P, B | P),
                state(0, none, held, held, held | I | A), state(0, SecureBits.of(SecureBit.KEEP_CAPS), held, held, held),
                state(1000, none, held, held, held), state(1000, none, 0, 0, 0), state(0, none, held, held, B));
    }

    private static int usual(int place) {
        return IntStream.of(USUAL).anyMatch(usual -> usual == place) ? 1 : 0;
    }

    private static Credentials state(long uid, SecureBits bits, int... places) {
        CapabilitySets sets = new CapabilitySets(in(B, places), in(P, places), in(E, places), in(I, places), in(A, places));
        return new Credentials(sets, Ids.all(uid), Ids.all(uid), uid == 0 ? List.of(0L) : List.of(), false, Optional.of(bits));
    }

    private static CapabilitySet in(int set, int... places) {
        CapabilitySet in = CapabilitySet.NONE;
        for (int kind = 0; kind < places.length; kind++) {
            in = (places[kind] & set) == 0 ? in : in.union(KINDS.get(kind));
        }
        return in;
    }
}
