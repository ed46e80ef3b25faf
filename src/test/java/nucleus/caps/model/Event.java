package nucleus.caps.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What happens at one point. A point is before a round, after each program in it, and after its end.
 *
 * @param point the number of the point, counted from 0
 * @param birth whether a thread is born; else one ends
 * @param thread the index of the parent, or of the thread that ends, among the living
 */
record Event(int point, boolean birth, int thread) {

    static final Event NONE = new Event(-1, true, 0);

    /** {@return no event, and each event of three threads at each point} The caller does not end. */
    static List<Event> at(int points) {
        List<Event> events = new ArrayList<>(List.of(NONE));
        for (int point = 0; point < points; point++) {
            for (int thread = 0; thread < 3; thread++) {
                events.add(new Event(point, true, thread));
                if (thread > 0) {
                    events.add(new Event(point, false, thread));
                }
            }
        }
        return events;
    }
}
