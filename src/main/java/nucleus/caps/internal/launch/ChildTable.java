package nucleus.caps.internal.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The descriptor table of a child before its program begins: which numbers are open. The kernel gives a new descriptor the
 * lowest free number. An instruction moves it from there to its own number. The image's own descriptors never have the
 * number of a kept one.
 */
final class ChildTable {

    private static final int FIRST = 3;

    private final SocketCalls calls;
    private final Set<Integer> kept;
    private final Set<Integer> open = new TreeSet<>(Set.of(0, 1, 2));

    /** @param kept the descriptors that the program gets besides 0, 1 and 2 */
    ChildTable(SocketCalls calls, Set<Integer> kept) {
        this.calls = calls;
        this.kept = Set.copyOf(kept);
    }

    /** {@return the number that the next new descriptor gets} */
    int next() {
        return lowest(Set.of());
    }

    /** {@return the number for the next descriptor of the image itself} */
    int nextOwn() {
        return lowest(kept);
    }

    private int lowest(Set<Integer> excluded) {
        int number = FIRST;
        while (open.contains(number) || excluded.contains(number)) {
            number++;
        }
        return number;
    }

    /** A call that gives the image a descriptor with the number {@link #next()}, and its move to {@link #nextOwn()}. */
    List<Instruction> own(Instruction opens) {
        int from = next();
        int to = nextOwn();
        open.add(to);
        return from == to ? List.of(opens) : List.of(opens, calls.duplicateOwn(from, to), calls.close(from));
    }

    /** The calls that receive the kept descriptors in ascending order, each by its number. None is close-on-exec. */
    List<Instruction> receive(int socket) {
        List<Instruction> all = new ArrayList<>();
        for (int to : new TreeSet<>(kept)) {
            int from = next();
            all.add(calls.receive(socket));
            all.addAll(from == to ? List.of(calls.require(to)) : List.of(calls.duplicate(from, to), calls.close(from)));
            open.add(to);
        }
        return all;
    }
}
