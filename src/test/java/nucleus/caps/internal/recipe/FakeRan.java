package nucleus.caps.internal.recipe;

import java.util.List;
import java.util.function.Supplier;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.Ran;

/** What came of a round of the model. */
record FakeRan(List<Failure> failures, Supplier<List<ThreadStatus>> state) implements Ran {

    @Override
    public List<ThreadStatus> observe() {
        return state.get();
    }
}
