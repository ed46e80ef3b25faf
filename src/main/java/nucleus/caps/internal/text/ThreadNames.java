package nucleus.caps.internal.text;

import java.util.Map;

/** Names threads in messages. A message about a hundred equal threads stays one line. */
public final class ThreadNames {

    private static final int SHOWN = 4;

    private ThreadNames() {
    }

    /**
     * {@return {@code thread 7 (main)}, or {@code 12 threads (7 main, 8 GC Thread#0, …)} with the first four}
     *
     * @param names the names by their ids, in order; an empty name is left out
     */
    public static String of(Map<Integer, String> names) {
        boolean one = names.size() == 1;
        StringBuilder list = new StringBuilder();
        int shown = 0;
        for (Map.Entry<Integer, String> thread : names.entrySet()) {
            if (shown++ == SHOWN) {
                list.append(", …");
                break;
            }
            String name = thread.getValue();
            list.append(list.isEmpty() ? "" : ", ").append(thread.getKey())
                    .append(name.isEmpty() ? "" : one ? " (" + name + ")" : " " + name);
        }
        return one ? "thread " + list : names.size() + " threads (" + list + ")";
    }
}
