package nucleus.caps.internal.threads;

/** The processors that have a signal handler. */
enum Processor {

    X86_64(Handler.X86_64),
    AARCH64(Handler.AARCH64),
    RISCV64(Handler.RISCV64);

    @SuppressWarnings("ImmutableEnumChecker") // a record of a string and a number
    private final Handler handler;

    Processor(Handler handler) {
        this.handler = handler;
    }

    /** @throws UnsupportedOperationException if the processor has no handler */
    static Processor of(String osArch) {
        return switch (osArch) {
            case "amd64" -> X86_64;
            case "aarch64" -> AARCH64;
            case "riscv64" -> RISCV64;
            default -> throw new UnsupportedOperationException("Scope.PROCESS supports the processors amd64, aarch64 and"
                    + " riscv64, not " + osArch + ": there is no signal handler for it");
        };
    }

    Handler handler() {
        return handler;
    }
}
