package nucleus.caps.tool;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import nucleus.caps.CapabilitySet;
import nucleus.caps.FileCapabilities;
import org.jspecify.annotations.Nullable;

/** Prints the capabilities of files: as getcap(8) does, or as an array of JSON with one element a line. */
final class FileListing {

    private static final String BEGIN = "[";

    private final PrintWriter out;
    private final CapabilitySet supported;
    private final boolean rootUid;
    private final boolean json;
    private String before = BEGIN;

    /**
     * @param supported the capabilities that the kernel supports
     * @param rootUid whether to print the root uid
     * @param json whether to print JSON, always with the root uid
     */
    FileListing(PrintWriter out, CapabilitySet supported, boolean rootUid, boolean json) {
        this.out = out;
        this.supported = supported;
        this.rootUid = rootUid;
        this.json = json;
    }

    void add(Path path, FileCapabilities capabilities) {
        if (!json) {
            out.println(Line.shown(path.toString()) + " "
                    + capabilities.withRootUid(rootUid ? capabilities.rootUid() : 0).toText(supported));
            return;
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("path", path.toString());
        members.putAll(StateJson.of(capabilities));
        out.print(before + Json.of(members));
        before = "," + System.lineSeparator();
    }

    /** Ends the array. */
    void end() {
        if (json) {
            out.println(before.equals(BEGIN) ? "[]" : "]");
        }
    }
}
