package nucleus.caps.internal.recipe;

import nucleus.caps.internal.kernel.Change;

/** no_new_privs, and nothing else. */
public record SetNoNewPrivs() implements Recipe {

    @Override
    public String name() {
        return "setNoNewPrivileges";
    }

    @Override
    public void plan(Plan plan) {
        plan.add(new Change.NoNewPrivs());
    }

    @Override
    public State expected(State before) {
        return before.withNoNewPrivs();
    }
}
