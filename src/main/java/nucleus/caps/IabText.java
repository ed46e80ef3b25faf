package nucleus.caps;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The text of an {@link Iab}: a reader that goes from comma to comma, and a writer. */
final class IabText {

    private final String text;
    private int at;

    IabText(String text) {
        this.text = text;
    }

    Iab parse() {
        Iab read = Iab.NONE;
        while (at < text.length()) {
            int first = at;
            while (peek() == '!' || peek() == '^' || peek() == '%') {
                at++;
            }
            if (at == text.length()) {
                return read; // prefixes without a capability at the end mean nothing
            }
            String prefixes = text.substring(first, at);
            read = with(read, prefixes, capability());
            if (at < text.length() && peek() != ',') {
                throw refused("a comma is expected, not " + Names.quoted(text.substring(at, at + 1)));
            }
            at++;
        }
        return read;
    }

    private static Iab with(Iab read, String prefixes, CapabilitySet member) {
        boolean ambient = prefixes.contains("^");
        boolean dropped = prefixes.contains("!");
        boolean inheritable = ambient || !dropped || prefixes.contains("%");
        return new Iab(inheritable ? read.inheritable().union(member) : read.inheritable(),
                ambient ? read.ambient().union(member) : read.ambient(),
                dropped ? read.dropped().union(member) : read.dropped());
    }

    private CapabilitySet capability() {
        return isDigit(peek()) ? number() : name();
    }

    private CapabilitySet name() {
        int first = at;
        while (isLetter(peek()) || peek() == '_') {
            at++;
        }
        String name = text.substring(first, at);
        Optional<Capability> found =
                Arrays.stream(Capability.values()).filter(c -> c.text().equalsIgnoreCase(name)).findFirst();
        if (found.isEmpty()) {
            at = first;
            throw refused(name.isEmpty() ? "a capability is expected"
                    : "no capability is named " + Names.quoted(name) + "; names begin with cap_");
        }
        return CapabilitySet.of(found.get());
    }

    /** As strtoul(3) reads it with base 0. */
    private CapabilitySet number() {
        int first = at;
        boolean hex = text.regionMatches(true, at, "0x", 0, 2) && at + 2 < text.length()
                && Character.digit(text.charAt(at + 2), 16) >= 0 && text.charAt(at + 2) < 0x80;
        int base = hex ? 16 : peek() == '0' ? 8 : 10;
        at += hex ? 2 : 0;
        long number = 0;
        for (int digit; peek() < 0x80 && (digit = Character.digit(peek(), base)) >= 0; at++) {
            number = Math.min(number * base + digit, Long.SIZE);
        }
        if (number >= Long.SIZE) {
            String digits = text.substring(first, at);
            at = first;
            throw refused("a capability's number is within 0 to 63, not " + Names.quoted(digits));
        }
        return CapabilitySet.ofNumber((int) number);
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException("no IAB text, at " + at + " of " + Names.quoted(text) + ": " + reason);
    }

    static String of(Iab iab) {
        return iab.inheritable().union(iab.dropped()).numbers().mapToObj(n -> member(iab, n))
                .collect(Collectors.joining(","));
    }

    private static String member(Iab iab, int number) {
        String bounding = iab.dropped().contains(number) ? "!" : "";
        String handed = iab.ambient().contains(number) ? "^"
                : !bounding.isEmpty() && iab.inheritable().contains(number) ? "%" : "";
        return bounding + handed + Capability.of(number).map(Capability::text).orElse(Integer.toString(number));
    }
}
