package nucleus.caps;

import static java.util.Objects.requireNonNull;

/**
 * The five sets of a thread.
 *
 * @param bounding what no program started by the thread can gain
 * @param permitted what the thread may make effective
 * @param effective what the kernel checks
 * @param inheritable what a program with matching file capabilities receives
 * @param ambient what an ordinary program receives
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public record CapabilitySets(CapabilitySet bounding, CapabilitySet permitted, CapabilitySet effective,
                             CapabilitySet inheritable, CapabilitySet ambient) {

    /** Five empty sets. */
    public static final CapabilitySets NONE = new CapabilitySets(CapabilitySet.NONE, CapabilitySet.NONE,
            CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

    /**
     * Five sets, in any relation to one another: what the kernel would not accept is refused where it is applied.
     */
    public CapabilitySets {
        requireNonNull(bounding, "bounding");
        requireNonNull(permitted, "permitted");
        requireNonNull(effective, "effective");
        requireNonNull(inheritable, "inheritable");
        requireNonNull(ambient, "ambient");
    }

    /**
     * {@return one of the five}
     *
     * @param kind which
     */
    public CapabilitySet get(SetKind kind) {
        return switch (kind) {
            case BOUNDING -> bounding;
            case PERMITTED -> permitted;
            case EFFECTIVE -> effective;
            case INHERITABLE -> inheritable;
            case AMBIENT -> ambient;
        };
    }

    /**
     * {@return the same five with one replaced; the others are not adapted to it}
     *
     * @param kind which to replace
     * @param set what to put there
     */
    public CapabilitySets with(SetKind kind, CapabilitySet set) {
        requireNonNull(kind, "kind");
        return new CapabilitySets(
                kind == SetKind.BOUNDING ? set : bounding,
                kind == SetKind.PERMITTED ? set : permitted,
                kind == SetKind.EFFECTIVE ? set : effective,
                kind == SetKind.INHERITABLE ? set : inheritable,
                kind == SetKind.AMBIENT ? set : ambient);
    }

    /** {@return the three that capset(2) changes, for which libcap has a text} */
    public CapabilityState state() {
        return new CapabilityState(effective, permitted, inheritable);
    }

    /** {@return whether all five are empty} */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** {@return the five in one line} */
    @Override
    public String toString() {
        return "bounding=" + bounding + " permitted=" + permitted + " effective=" + effective
                + " inheritable=" + inheritable + " ambient=" + ambient;
    }
}
