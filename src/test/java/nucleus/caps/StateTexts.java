package nucleus.caps;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts of a capability state: some as the grammar has them, some with mistakes in them, some of nothing but its letters. */
final class StateTexts {

    /** In the order of what is likely to matter: what libcap knows of, and what is nearly that. */
    private static final List<String> ODD_NAMES = List.of("all", "ALL", "All", "all_", "all1", "al", "chown", "cap_",
            "cap_chwon", "CAP_KILL", "Cap_Bpf", "cap_chown1", "_", "_cap_chown", "cap_all", "0", "00", "07", "08", "010",
            "0x", "0xg", "0x1f", "0X3F", "0x40", "40", "41", "63", "64", "077", "0100", "1e3",
            "18446744073709551616", "99999999999999999999999", "5cap_kill", "cap_k\u0131ll", "\u0661");

    private static final List<String> SPACES = List.of(" ", " ", " ", "\t", "\n", "\u000b", "\f", "\r", "  ", "\u00a0",
            "\u2003");

    private static final String LETTERS = "eip+-=,_ \tcaphownlkxX0123456789EIPALl\u00e9\u0085\ufeff";

    private final Random random;

    StateTexts(long seed) {
        random = new Random(seed);
    }

    /** {@return the next text; it holds no NUL, which no C string could, and no number with 0b, which is up to the C library} */
    String next() {
        String text = switch (random.nextInt(10)) {
            case 0, 1, 2, 3, 4 -> clauses();
            case 5, 6, 7, 8 -> mutated(clauses(), 1 + random.nextInt(3));
            default -> letters(random.nextInt(24));
        };
        return Libcap.withoutBinary(text);
    }

    private String clauses() {
        int count = random.nextInt(5) == 0 ? random.nextInt(12) : random.nextInt(4);
        return several(count, this::clause).collect(Collectors.joining(pick(SPACES)))
                + (random.nextInt(8) == 0 ? pick(SPACES) : "");
    }

    private String clause() {
        String list = random.nextInt(6) == 0 ? "" : several(1 + random.nextInt(4), this::name)
                .collect(Collectors.joining(","));
        String first = pick(List.of("=", "=", "=", "+", "-", "=+", "=-"));
        return list + first + flags(first.equals("=") ? 0 : 1)
                + several(random.nextInt(6) == 0 ? 1 + random.nextInt(3) : 0, () -> pick(List.of("+", "-")) + flags(1))
                        .collect(Collectors.joining());
    }

    private String name() {
        return switch (random.nextInt(12)) {
            case 0 -> "all";
            case 1 -> pick(ODD_NAMES);
            case 2 -> Integer.toString(random.nextInt(66));
            case 3 -> capability().toUpperCase(Locale.ROOT);
            default -> capability();
        };
    }

    private String capability() {
        return Capability.values()[random.nextInt(Capability.values().length)].text();
    }

    private String flags(int least) {
        return several(least + random.nextInt(3), () -> pick(List.of("e", "i", "p"))).collect(Collectors.joining());
    }

    private String mutated(String text, int times) {
        StringBuilder mutant = new StringBuilder(text);
        for (int i = 0; i < times; i++) {
            int at = random.nextInt(mutant.length() + 1);
            int end = Math.min(mutant.length(), at + 1 + random.nextInt(4));
            switch (random.nextInt(5)) {
                case 0 -> mutant.insert(at, letters(1));
                case 1 -> mutant.delete(at, end);
                case 2 -> mutant.insert(at, mutant.substring(at, end));
                case 3 -> mutant.replace(at, Math.min(at + 1, mutant.length()), letters(1));
                default -> mutant.insert(at, pick(ODD_NAMES));
            }
        }
        return mutant.toString();
    }

    private String letters(int count) {
        return several(count, () -> LETTERS.charAt(random.nextInt(LETTERS.length()))).map(String::valueOf)
                .collect(Collectors.joining());
    }

    private static <T> Stream<T> several(int count, Supplier<T> one) {
        return Stream.generate(one).limit(count);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** {@return three sets: at times far apart, at times alike in most of their members} */
    CapabilityState state() {
        long common = bits();
        return new CapabilityState(set(common), set(common), set(common));
    }

    private CapabilitySet set(long common) {
        return new CapabilitySet(switch (random.nextInt(4)) {
            case 0 -> common;
            case 1 -> common ^ 1L << random.nextInt(Long.SIZE) ^ 1L << random.nextInt(Long.SIZE);
            case 2 -> bits();
            default -> common & bits();
        });
    }

    private long bits() {
        long bits = switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextLong() & random.nextLong() & random.nextLong();
            case 2 -> random.nextLong() | random.nextLong() | random.nextLong();
            default -> random.nextBoolean() ? 0 : -1;
        };
        return random.nextInt(3) == 0 ? bits : bits & CapabilitySet.ALL.bits();
    }
}
