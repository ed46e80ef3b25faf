package bench;

/** What nothing can do without that calls the kernel and logs: the yardstick of the cold start. */
final class Both {

    private Both() {
    }

    public static void main(String[] args) throws Throwable {
        OneLogger.main(args);
        Downcall.main(args);
    }
}
