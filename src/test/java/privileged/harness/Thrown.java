package privileged.harness;

/**
 * What a child said that it caught. For an exception that is not the library's own, only the first two are known.
 */
public record Thrown(String type, String message, String syscall, String errnoName, boolean changed) {

    public static Thrown parse(String line) {
        String[] parts = line.split("\t", -1);
        if (parts.length == 2) {
            return new Thrown(parts[0], parts[1], "", "", false);
        }
        return new Thrown(parts[0], parts[1], parts[2], parts[3], Boolean.parseBoolean(parts[4]));
    }
}
