package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials;
import nucleus.caps.ProcessStatus;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;

/** The tables of threads and processes that {@code caps threads} and {@code caps ps} print. */
class ThreadTableTest {

    private static final CapabilitySet KNOWN = CapabilitySet.ALL;
    private static final CapabilitySets NOTHING = CapabilitySets.NONE.with(SetKind.BOUNDING, KNOWN);
    private static final CapabilitySets ROOT =
            new CapabilitySets(KNOWN, KNOWN, KNOWN, CapabilitySet.NONE, CapabilitySet.NONE);

    private static ThreadStatus thread(int tid, String name, CapabilitySets sets) {
        return new ThreadStatus(tid, name, new Credentials(sets, Credentials.Ids.all(0), Credentials.Ids.all(0), List.of(),
                false, Optional.empty()));
    }

    @Test
    void ambientAndWhatBoundingLacksIsShown() {
        CapabilitySet kill = CapabilitySet.of(Capability.CAP_KILL);
        HeldText text = new HeldText(KNOWN);

        assertThat(text.of(ROOT)).isEqualTo("=ep");
        assertThat(text.of(NOTHING)).isEqualTo("=");
        assertThat(text.of(new CapabilitySets(kill, kill, kill, kill, kill)))
                .isEqualTo("cap_kill=eip ambient=cap_kill bounding=cap_kill");
    }

    @Test
    void threadsThatDifferAreFolded() {
        ProcessStatus process = new ProcessStatus(1, 0, thread(1, "a", NOTHING), false, List.of(thread(2, "b", ROOT),
                thread(3, "c", ROOT), thread(4, "b", ROOT), thread(5, "b\u001b", NOTHING)));

        assertThat(new HeldText(KNOWN).differing(process))
                .containsExactly(":>-b{2,4} =ep", ":>-c{3} =ep", ":>-b?{5} =");
    }

    private static ProcessStatus process(int pid, int ppid, CapabilitySets sets) {
        return new ProcessStatus(pid, ppid, thread(pid, "p", sets), false,
                pid == 12 ? List.of(thread(13, "t", NOTHING)) : List.of());
    }

    /** Those that hold nothing stand only where others come below them; a circle is drawn once. */
    @Test
    void theTreeShowsWhoStartedWhom() {
        Map<Integer, ProcessStatus> others = Map.of(10, process(10, 2, NOTHING), 2, process(2, 0, NOTHING));
        ProcessTree tree = ProcessTree.of(List.of(process(1, 0, ROOT), process(11, 10, ROOT), process(12, 1, ROOT),
                process(14, 12, ROOT), process(15, 1, ROOT), process(16, 999, ROOT), process(20, 21, ROOT),
                process(21, 20, ROOT)), pid -> Optional.ofNullable(others.get(pid)));
        StringWriter out = new StringWriter();
        tree.print(new PrintWriter(out, true), new HeldText(KNOWN));

        assertThat(out.toString().lines()).containsExactly(
                "--p(1) =ep",
                "  +-p(12) =ep",
                "  | :>-t{13} =",
                "  | +-p(14) =ep",
                "  +-p(15) =ep",
                "--p(2)",
                "  +-p(10)",
                "    +-p(11) =ep",
                "--p(16) =ep",
                "--p(20) =ep",
                "  +-p(21) =ep");
    }
}
