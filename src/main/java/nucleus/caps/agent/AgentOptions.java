package nucleus.caps.agent;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.internal.text.Numbers;
import nucleus.caps.internal.text.Quoted;

/**
 * What the agent does, as in {@code user=www-data,keep=net_bind_service,at=listening:80,443,within=30}. A word without
 * an equals sign belongs to the list before it, except for {@code advise}.
 *
 * @param identity the new identity
 * @param keep the capabilities to keep
 * @param ports the ports that the program listens on when it is dropped; none for a drop before {@code main}
 * @param within how long to wait for the ports
 * @param advise whether the agent gives advice and drops nothing
 */
record AgentOptions(Identity identity, CapabilitySet keep, Set<Integer> ports, Duration within,
                    boolean advise) {

    private static final Set<String> NAMES = Set.of("user", "keep", "at", "within");
    private static final String ADVISE = "advise";
    private static final String USER = "user is NAME or UID:GID, neither of them 0";
    private static final String LISTENING = "listening:";
    private static final int LAST_PORT = 65535;
    private static final int ONE_DAY = 86_400;

    /** {@return the options} Looks the user up. */
    static AgentOptions parse(String text) {
        Map<String, String> values = values(text);
        String user = values.get("user");
        if (user == null) {
            throw new IllegalArgumentException("the agent needs the option user, as in user=www-data");
        }
        String at = values.get("at");
        if (at == null && values.containsKey("within")) {
            throw new IllegalArgumentException("the option within needs the option at");
        }
        return new AgentOptions(identity(user), CapabilitySet.parse(values.getOrDefault("keep", "none")),
                at == null ? Set.of() : ports(at), Duration.ofSeconds(
                        Numbers.parse("the number of seconds", values.getOrDefault("within", "60"), 1, ONE_DAY)),
                values.containsKey(ADVISE));
    }

    private static Map<String, String> values(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        String last = "";
        for (String word : text.isEmpty() ? List.<String>of() : List.of(text.split(",", -1))) {
            if (word.equals(ADVISE)) {
                put(values, word, "");
                last = "";
                continue;
            }
            int equals = word.indexOf('=');
            if (equals < 0 && !last.isEmpty()) {
                values.merge(last, word, (list, more) -> list + "," + more);
                continue;
            }
            last = equals < 0 ? word : word.substring(0, equals);
            if (last.equals(ADVISE)) {
                throw new IllegalArgumentException("the option advise has no value");
            }
            if (equals < 0 || !NAMES.contains(last)) {
                throw new IllegalArgumentException("the agent has no option " + Quoted.of(last)
                        + "; its options are user=, keep=, at=, within= and advise");
            }
            put(values, last, word.substring(equals + 1));
        }
        return values;
    }

    private static void put(Map<String, String> values, String name, String value) {
        if (values.put(name, value) != null) {
            throw new IllegalArgumentException("the option " + name + " is given twice");
        }
    }

    private static Identity identity(String user) {
        int colon = user.indexOf(':');
        Identity identity = colon < 0 ? Caps.identityOf(user)
                : Identity.of(id(user.substring(0, colon)), id(user.substring(colon + 1)));
        if (identity.isRoot()) {
            throw new IllegalArgumentException(USER + ", not " + Quoted.of(user));
        }
        return identity;
    }

    private static long id(String word) {
        return Numbers.parse(USER + ": an id", word, 1, Identity.MAX_ID);
    }

    private static Set<Integer> ports(String at) {
        if (!at.startsWith(LISTENING)) {
            throw new IllegalArgumentException("at is listening:PORT, or listening:PORT,PORT, not " + Quoted.of(at));
        }
        Set<Integer> ports = new TreeSet<>();
        for (String port : at.substring(LISTENING.length()).split(",", -1)) {
            ports.add(Math.toIntExact(Numbers.parse("a port", port, 1, LAST_PORT)));
        }
        return ports;
    }
}
