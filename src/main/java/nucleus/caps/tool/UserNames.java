package nucleus.caps.tool;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;

/** The names of users by uid. Each uid is looked up once. A uid without a name, or without an answer, stays a number. */
final class UserNames {

    private final Map<Long, Optional<String>> known = new HashMap<>();
    private final LongFunction<Optional<String>> database;

    UserNames() {
        this(Caps::userName);
    }

    UserNames(LongFunction<Optional<String>> database) {
        this.database = database;
    }

    Optional<String> of(long uid) {
        return known.computeIfAbsent(uid, this::lookUp);
    }

    /** {@return the name, safe to print, or the number} */
    String text(long uid) {
        return of(uid).map(Line::shown).orElseGet(() -> Long.toString(uid));
    }

    private Optional<String> lookUp(long uid) {
        try {
            return database.apply(uid).filter(name -> !name.isEmpty());
        } catch (CapsException e) {
            return Optional.empty();
        }
    }
}
