package nucleus.caps.model;

import java.util.ArrayList;
import java.util.List;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;

/** The one rule of the kernel, or of what stands between it and the library, that is broken. */
enum Broken {

    NOTHING(null),
    /** The last thread runs no change, and tells that it did. */
    LIE(Property.ASKED),
    /** A thread born during the round is not asked. */
    MISSED_BIRTH(Property.ASKED),
    /** A capset adds the bounding set to permitted. */
    GAIN(Property.NO_GAIN),
    /** After a refusal the threads tell the state from before the round. */
    STALE(Property.UNCHANGED),
    /** The second round after a refusal changes nothing, and every thread tells that it did. */
    LIE_TO_RETRY(Property.RETRY),
    /** A program does not turn KEEPCAPS off. */
    KEEPCAPS_LEFT_ON(Property.KEEPCAPS),
    /** A program leaves out its last capset. */
    OMITTED_CAPSET(Property.SUCCEEDS);

    private final Property seen;

    Broken(Property seen) {
        this.seen = seen;
    }

    /** The property that fails then. */
    Property seen() {
        return seen;
    }

    /** {@return the steps of a plan, without the last capset if that is what is broken} */
    List<Plan.Step> in(List<Plan.Step> steps) {
        List<Plan.Step> left = new ArrayList<>(steps);
        if (this == OMITTED_CAPSET) {
            left.stream().filter(step -> step.change() instanceof Change.CapSet).reduce((_, last) -> last)
                    .ifPresent(last -> left.remove(left.lastIndexOf(last)));
        }
        return left;
    }
}
