package nucleus.caps.tool;

import org.jspecify.annotations.Nullable;

/** The words of a command do not fit. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(@Nullable String message) {
        super(message);
    }
}
