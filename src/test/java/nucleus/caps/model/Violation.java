package nucleus.caps.model;

/** A property of the model does not hold. The library catches no error, so this reaches the test from any place. */
final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;

    private final transient Property property;

    Violation(Property property, Object where) {
        super(property + ": " + where);
        this.property = property;
    }

    Property property() {
        return property;
    }
}
