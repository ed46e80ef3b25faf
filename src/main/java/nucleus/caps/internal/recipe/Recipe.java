package nucleus.caps.internal.recipe;

/** One transition: what it needs, how it is done, and what must be true afterwards. */
public sealed interface Recipe permits DropBounding, SwitchIdentity, Finish, ApplySets, ApplyIab, EnterMode, LockUnprivileged,
        ChangeSet, ChangeSecureBits, SetNoNewPrivs {

    /** {@return the name of the method that a caller used} */
    String name();

    /** Plans the changes from the plan's state, or throws {@link Plan.Refused}. */
    void plan(Plan plan);

    /** {@return what every thread must hold afterwards, computed from the wish and not from the plan} */
    State expected(State before);
}
