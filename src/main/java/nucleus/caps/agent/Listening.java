package nucleus.caps.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The TCP ports that this process listens on, as {@code /proc} shows them. A socket of another process does not count. */
final class Listening {

    private static final long PAUSE_MILLIS = 50;
    private static final int HEXADECIMAL = 16;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTEN = "0A";

    private Listening() {
    }

    /**
     * Waits until this process listens on all of these ports.
     *
     * @throws IllegalStateException if it does not within that time; the message has the missing ports
     */
    static void await(Set<Integer> ports, Duration within) throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (Set<Integer> missing = missing(ports); !missing.isEmpty(); missing = missing(ports)) {
            if (System.nanoTime() - start > within.toNanos()) {
                throw new IllegalStateException("the program does not listen on " + missing + " within " + within.toSeconds()
                        + " seconds; the option within sets another time");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static Set<Integer> missing(Set<Integer> ports) throws IOException {
        Map<String, Integer> listeners = new HashMap<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            listeners(table, ports, listeners);
        }
        Set<Integer> missing = new TreeSet<>(ports);
        if (new HashSet<>(listeners.values()).containsAll(ports)) {
            missing.removeAll(own(listeners));
        }
        return missing;
    }

    /** Adds the sockets of a table that listen on one of these ports: the name of a descriptor, and the port. */
    private static void listeners(String table, Set<Integer> ports, Map<String, Integer> listeners) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(table))) {
            lines.skip(1).map(line -> line.strip().split(" +")).filter(row -> row[STATE].equals(LISTEN)).forEach(row -> {
                int port = Integer.parseInt(row[1].substring(row[1].indexOf(':') + 1), HEXADECIMAL);
                if (ports.contains(port)) {
                    listeners.put("socket:[" + row[INODE] + "]", port);
                }
            });
        } catch (NoSuchFileException e) {
            return; // without IPv6 there is no table of it
        }
    }

    private static Set<Integer> own(Map<String, Integer> listeners) throws IOException {
        Set<Integer> own = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
                Integer port = listeners.get(target(descriptor));
                if (port != null) {
                    own.add(port);
                }
            }
        }
        return own;
    }

    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return ""; // closed meanwhile
        }
    }
}
