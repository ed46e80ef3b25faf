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
 * Capability sets in one line: libcap's text, then ambient if it is not empty, then bounding if it is not full.
 *
 * @param supported the capabilities that the kernel supports
 */
record HeldText(CapabilitySet supported) {

    String of(CapabilitySets sets) {
        return sets.state().toText(supported) + (sets.ambient().isEmpty() ? "" : " ambient=" + sets.ambient())
                + (sets.bounding().equals(supported) ? "" : " bounding=" + sets.bounding());
    }

    /** {@return the threads that differ from the main thread, one line for each name and equal sets} */
    List<String> differing(ProcessStatus process) {
        Map<String, List<ThreadStatus>> folded = process.differing().stream().collect(Collectors.groupingBy(
                thread -> thread.name() + " " + thread.sets(), LinkedHashMap::new, Collectors.toList()));
        return folded.values().stream().map(same -> ":>-" + Line.shown(same.getFirst().name()) + same.stream()
                .map(thread -> Integer.toString(thread.tid())).collect(Collectors.joining(",", "{", "} "))
                + of(same.getFirst().sets())).toList();
    }
}
