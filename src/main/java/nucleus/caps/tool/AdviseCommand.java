package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;

/** {@code caps advise}: prints what will fail in another JVM after a switch to a user. */
final class AdviseCommand {

    private static final String JSON = "--json";

    private AdviseCommand() {
    }

    static void run(PrintWriter out, List<String> words) {
        CommandLine line = CommandLine.of("advise", words, Set.of(JSON), Set.of("--uid", "--gid"));
        Identity identity = IdentityOptions.ofDrop(line)
                .orElseThrow(() -> new UsageException("advise needs --uid: the user that the JVM will be"));
        if (line.operands().size() != 1) {
            throw new UsageException("advise takes one PID, not " + line.operands().size() + "; options stand before it");
        }
        List<Advice> found = Caps.advise(ShowCommand.pid(line.operands().getFirst()), identity);
        if (line.has(JSON)) {
            out.println(Json.of(found.stream().map(AdviseCommand::members).toList()));
        } else {
            found.forEach(out::println);
        }
    }

    private static Map<String, Object> members(Advice advice) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kind", advice.kind().name().toLowerCase(Locale.ROOT));
        members.put("what", advice.what());
        members.put("why", advice.why());
        members.put("remedy", advice.remedy());
        return members;
    }
}
