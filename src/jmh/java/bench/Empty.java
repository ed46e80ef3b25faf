package bench;

/** What every JVM costs. */
final class Empty {

    private Empty() {
    }

    public static void main(String[] args) {
        // Nothing.
    }
}
