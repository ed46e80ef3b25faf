package privileged.harness;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How often each outcome came, in rows, to print. */
public final class Tally<E extends Enum<E>> {

    private final String title;
    private final Class<E> outcomes;
    private final Map<String, Map<E, Integer>> rows = new TreeMap<>();

    public Tally(String title, Class<E> outcomes) {
        this.title = title;
        this.outcomes = outcomes;
    }

    public void add(String row, E outcome) {
        rows.computeIfAbsent(row, key -> new EnumMap<>(outcomes)).merge(outcome, 1, Integer::sum);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("%-28s%7s".formatted(title, "runs"));
        for (E outcome : outcomes.getEnumConstants()) {
            text.append("%19s".formatted(outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        }
        rows.forEach((row, found) -> {
            text.append("%n%-28s%7d".formatted(row, found.values().stream().mapToInt(Integer::intValue).sum()));
            for (E outcome : outcomes.getEnumConstants()) {
                text.append("%19d".formatted(found.getOrDefault(outcome, 0)));
            }
        });
        return text.toString();
    }
}
