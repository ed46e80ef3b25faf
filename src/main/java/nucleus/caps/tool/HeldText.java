package nucleus.caps.tool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.ProcessStatus;
import nucleus.caps.ThreadStatus;

/**
 * What is held, in one line: libcap's text, then ambient if there are any, and bounding if not all are in it.
 *
 * @param supported what the kernel knows
 */
record HeldText(CapabilitySet supported) {

    String of(CapabilitySets sets) {
        return sets.state().toText(supported) + (sets.ambient().isEmpty() ? "" : " ambient=" + sets.ambient())
                + (sets.bounding().equals(supported) ? "" : " bounding=" + sets.bounding());
    }

    /** {@return a line for the threads that hold the same and have the same name} */
    List<String> differing(ProcessStatus process) {
        Map<String, List<ThreadStatus>> folded = process.differing().stream().collect(Collectors.groupingBy(
                thread -> thread.name() + " " + thread.sets(), LinkedHashMap::new, Collectors.toList()));
        return folded.values().stream().map(same -> ":>-" + Line.shown(same.getFirst().name()) + same.stream()
                .map(thread -> Integer.toString(thread.tid())).collect(Collectors.joining(",", "{", "} "))
                + of(same.getFirst().sets())).toList();
    }
}
