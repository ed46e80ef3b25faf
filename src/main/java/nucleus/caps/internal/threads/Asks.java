package nucleus.caps.internal.threads;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The threads that a round has asked, and those whose answers it awaits. */
final class Asks {

    private final int self;
    /** The last ask of each thread, by its id. */
    private final Map<Integer, Ask> asked = new HashMap<>();
    private final Map<Integer, Ask> awaited = new LinkedHashMap<>();
    private boolean doubtful;
    private int numbers;
    private int recycled;
    private int ended;

    /** @param self the id of the calling thread, whose directory needs no inode: it cannot end */
    Asks(int self) {
        this.self = self;
    }

    /**
     * {@return a new ask} An earlier ask of that id is no longer awaited: its thread has ended, or it is the same thread and
     * will answer both.
     */
    Ask add(int tid, long inode) {
        Ask ask = new Ask(++numbers, tid, inode);
        Ask before = asked.put(tid, ask);
        if (before != null) {
            recycled++;
            awaited.remove(before.number);
        }
        return ask;
    }

    void await(Ask ask) {
        awaited.put(ask.number, ask);
    }

    void dismiss(Ask ask) {
        awaited.remove(ask.number);
    }

    /** The thread has ended, or another thread has its id. */
    void dismissEnded(Ask ask) {
        ended++;
        dismiss(ask);
    }

    /** Forgets a thread that a system call reports as gone. If a listing still shows the thread, it is asked again. */
    void forget(Ask ask) {
        asked.remove(ask.tid);
    }

    /** Notes that an awaited id seemed to belong to a new thread. It may be the same thread, which may still run the program. */
    void doubt() {
        doubtful = true;
    }

    /** Ends the doubt: the thread with such an id has answered a later signal, and signals arrive in order. */
    void settle() {
        doubtful = false;
    }

    /** {@return whether one of these answers was awaited} */
    boolean take(List<Answer> answers) {
        boolean news = false;
        for (Answer answer : answers) {
            Ask ask = awaited.remove(answer.ask());
            if (ask != null) {
                ask.answer = answer;
                news = true;
            }
        }
        return news;
    }

    /** {@return the threads in a listing that have not been asked} */
    List<TaskListing.Entry> strangers(TaskListing listing) {
        List<TaskListing.Entry> strangers = new ArrayList<>();
        for (TaskListing.Entry entry : listing.entries()) {
            Ask before = asked.get(entry.tid());
            if (before == null || (entry.tid() != self && before.inode != entry.inode())) {
                strangers.add(entry);
            }
        }
        return strangers;
    }

    boolean allAnswered() {
        return awaited.isEmpty();
    }

    /** {@return whether no thread can be in the program, or still enter it} */
    boolean awaitsNobody() {
        return awaited.isEmpty() && !doubtful;
    }

    List<Ask> awaited() {
        return new ArrayList<>(awaited.values());
    }

    /** {@return the ask of the calling thread} */
    Ask mine() {
        return Objects.requireNonNull(asked.get(self));
    }

    Collection<Ask> all() {
        return asked.values();
    }

    /** {@return the asks of the threads in a listing without strangers} */
    List<Ask> of(TaskListing listing) {
        List<Ask> listed = new ArrayList<>();
        for (TaskListing.Entry entry : listing.entries()) {
            listed.add(Objects.requireNonNull(asked.get(entry.tid())));
        }
        return listed;
    }

    int ended() {
        return ended;
    }

    int recycled() {
        return recycled;
    }
}
