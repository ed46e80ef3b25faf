package nucleus.caps.tool;

import org.jspecify.annotations.Nullable;

/** The arguments of a command are wrong. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(@Nullable String message) {
        super(message);
    }
}
