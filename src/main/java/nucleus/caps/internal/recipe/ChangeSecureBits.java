package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;

import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;

/**
 * The securebits, and nothing else.
 *
 * @param bits what they are afterwards
 */
public record ChangeSecureBits(SecureBits bits) implements Recipe {

    public ChangeSecureBits {
        requireNonNull(bits, "bits");
    }

    @Override
    public String name() {
        return "set(" + bits + ")";
    }

    @Override
    public void plan(Plan plan) {
        plan.add(new Change.SetSecureBits(bits));
    }

    @Override
    public State expected(State before) {
        return before.with(bits);
    }
}
