package nucleus.caps.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import nucleus.caps.internal.rules.Plan;

/** Two steps of the plan of that round are exchanged; all are counted from 0. */
record Swap(int round, int step, int other) {

    static final Swap NONE = new Swap(-1, 0, 0);

    /** {@return the steps of a plan, exchanged in that round} */
    List<Plan.Step> in(List<Plan.Step> steps, int present) {
        List<Plan.Step> now = new ArrayList<>(steps);
        if (round == present && other < steps.size()) {
            Collections.swap(now, step, other);
        }
        return now;
    }
}
