package soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads from outside what every thread of the child holds, by a listing of its own. */
final class TaskCheck {

    private final Path tasks;
    private final Mask mask;
    private long checked;

    TaskCheck(Path process, Mask mask) {
        tasks = process.resolve("task");
        this.mask = mask;
    }

    void everyThreadHas(long expected) throws IOException {
        List<String> wrong = new ArrayList<>();
        List<Path> listing;
        try (Stream<Path> entries = Files.list(tasks)) {
            listing = entries.toList();
        }
        for (Path task : listing) {
            String status = status(task);
            if (status.isEmpty() || ended(status)) {
                continue;
            }
            checked++;
            long found = Mask.line(status, Mask.INHERITABLE);
            if (found != expected) {
                wrong.add("%s (of round %d)%n%s".formatted(task, mask.round(found), status));
            }
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError("%d of %d threads have not %016x, of round %d: %s".formatted(wrong.size(),
                    listing.size(), expected, mask.round(expected), wrong));
        }
    }

    /** {@return how many readings there were of a living thread} */
    long checked() {
        return checked;
    }

    private static String status(Path task) {
        try {
            return Files.readString(task.resolve("status"));
        } catch (IOException e) {
            return ""; // it has vanished since it was listed
        }
    }

    private static boolean ended(String status) {
        char state = status.charAt(status.indexOf("\nState:\t") + 8);
        return state == 'Z' || state == 'X';
    }
}
