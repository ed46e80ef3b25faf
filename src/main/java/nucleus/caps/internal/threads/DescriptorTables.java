package nucleus.caps.internal.threads;

import java.util.List;
import java.util.Optional;

/**
 * The descriptor tables of the threads of this process. Most threads share one table. A thread that has called
 * unshare(CLONE_FILES) has its own.
 */
final class DescriptorTables {

    private final TaskDirectory directory;

    DescriptorTables(TaskDirectory directory) {
        this.directory = directory;
    }

    /**
     * {@return where the tables of these threads hold an io_uring descriptor}
     *
     * <p>The table of the calling thread is read first. Then a new pipe marks it. A thread without this pipe at the
     * same descriptor has its own table, which is read too. A thread with this pipe shares the table, or has got a copy of it
     * since. The table held no ring then, so a ring in the copy is younger.
     *
     * @param tids the threads; the calling thread is the first
     */
    Optional<String> rings(List<Integer> tids) {
        int self = tids.getFirst();
        List<Integer> rings = directory.rings(self);
        if (!rings.isEmpty()) {
            return Optional.of("descriptors " + rings);
        }
        int mark = directory.mark();
        try {
            String marked = directory.file(self, mark);
            for (int tid : tids) {
                boolean shares = !marked.isEmpty() && directory.file(tid, mark).equals(marked);
                rings = shares ? List.of() : directory.rings(tid);
                if (!rings.isEmpty()) {
                    return Optional.of("descriptors " + rings + " of thread " + tid);
                }
            }
            return Optional.empty();
        } finally {
            directory.close(mark);
        }
    }
}
