package privileged.harness;

/** User and group ids that the tests switch to. */
public final class TestIds {

    /** The uid and gid of nobody on every distribution. The kernel also shows it for an id without a mapping. */
    public static final long NOBODY = 65534;

    /** An id that stands for no other: in a user namespace, a thread that shows NOBODY may still have to switch to it. */
    public static final long ANYBODY = 65533;

    private TestIds() {
    }
}
