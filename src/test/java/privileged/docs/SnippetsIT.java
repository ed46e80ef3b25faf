package privileged.docs;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.CapMasks.KILL;
import static privileged.harness.CapMasks.NET_BIND_SERVICE;
import static privileged.harness.CapMasks.SYS_ADMIN;
import static privileged.harness.TestIds.NOBODY;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import snippets.Drops;
import snippets.Reading;
import snippets.Restricted;
import snippets.Texts;

/** Whatever the documentation shows does what it says: every snippet is run, and its JVM read from outside. */
@Privileged
@SameInContainers
class SnippetsIT {

    private static final String NOTHING = "null";

    /** The user that the first example names, as Debian has it. */
    private static final long WWW_DATA = 33;

    /**
     * What came of it.
     *
     * @param after what every thread holds then
     * @param said what the snippet gave
     */
    private record Outcome(UnaryOperator<OutsideStatus> after, String said) {
    }

    private static final Outcome DROPPED = new Outcome(SnippetsIT::dropped, NOTHING);

    private static final Map<String, Outcome> OUTCOMES = Map.ofEntries(
            entry("Drops.whole", new Outcome(start -> dropped(start).as(WWW_DATA, WWW_DATA, WWW_DATA), NOTHING)),
            entry("Drops.stepByStep", DROPPED),
            entry("Drops.orNotAtAll", DROPPED),
            entry("Drops.orExit", new Outcome(start -> dropped(start).holdingOnly(NET_BIND_SERVICE)
                    .as(WWW_DATA, WWW_DATA, WWW_DATA), NOTHING)),
            entry("Drops.keeping", new Outcome(start -> dropped(start).holdingOnly(NET_BIND_SERVICE), NOTHING)),
            entry("Reading.later", new Outcome(start -> dropped(start).holdingOnly(NET_BIND_SERVICE), NOTHING)),
            entry("Drops.applying", new Outcome(start -> dropped(start)
                    .withSets(KILL | NET_BIND_SERVICE, KILL | NET_BIND_SERVICE, KILL, 0, 0), NOTHING)),
            entry("Drops.described", new Outcome(SnippetsIT::dropped,
                    "uid 65534, gid 65534, groups [] holds none, and no more")),
            entry("Drops.advised", DROPPED),
            entry("Drops.patient", DROPPED),
            entry("Restricted.single", new Outcome(start -> start, NOTHING)),
            entry("Restricted.task", new Outcome(start -> start, Command.lines("head", "-n", "1", "/etc/passwd").getFirst())),
            entry("Restricted.launch", new Outcome(start -> start, "CapEff:\t" + CapMasks.hex(NET_BIND_SERVICE))),
            entry("Reading.reading", new Outcome(start -> start, "true true")),
            entry("Reading.startUp", DROPPED),
            entry("Texts.sets", new Outcome(start -> start,
                    "true true cap_chown,cap_fsetid,cap_kill,cap_setpcap,cap_net_bind_service,cap_sys_chroot,cap_mknod,"
                            + "cap_audit_write,cap_setfcap")),
            entry("Texts.states", new Outcome(start -> start, "true true")),
            entry("Texts.files", new Outcome(start -> start, "cap_net_bind_service=ep")),
            entry("Texts.handedOn", new Outcome(start -> start.withBounding(start.bounding() & ~SYS_ADMIN)
                    .withInheritable(NET_BIND_SERVICE).withAmbient(NET_BIND_SERVICE), NOTHING)),
            entry("Texts.locked", new Outcome(start -> dropped(start).as(WWW_DATA, WWW_DATA, WWW_DATA), NOTHING)));

    private static OutsideStatus dropped(OutsideStatus start) {
        return start.holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs();
    }

    static final class Runs implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Object said = Class.forName("snippets." + args[0]).getMethod(args[1]).invoke(null);
            points.at("done");
            points.say(said);
        }
    }

    static Stream<Method> snippets() {
        return Stream.of(Drops.class, Restricted.class, Reading.class, Texts.class).map(Class::getDeclaredMethods)
                .flatMap(Arrays::stream).filter(method -> Modifier.isPublic(method.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void eachDoesWhatItSays(Method snippet) {
        String type = snippet.getDeclaringClass().getSimpleName();
        Outcome expected = OUTCOMES.get(type + "." + snippet.getName());
        try (ObservedChild child = ObservedChild.start(Runs.class, type, snippet.getName()).together()) {
            assertThat(child.at("done")).isEqualTo(expected.after().apply(child.start()));
            assertThat(child.said()).isEqualTo(expected.said());
        }
    }
}
