package privileged.read;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;
import static privileged.read.StatusText.text;

import java.io.IOException;
import java.nio.file.Path;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Smoke;

/** What the library reads is what others read: /proc and libcap's tools. */
@Privileged
@Smoke
class ReadingIT {

    private static final long SOME = CapMasks.KILL | CapMasks.SETGID;

    /** On a restricted thread of a process that is not. */
    static final class ReadsItself implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Checkpoints.onNewThread(() -> {
                Caps.begin(Scope.THREAD).apply(ChildArguments.sets(args[0]), Identity.of(1000, 1001, 4, 24));
                ThreadStatus self = Caps.thread();
                points.say(text(Caps.thisThread().read()));
                points.say(text(self));
                points.say(self.tid() + " " + self.name() + " " + self.secureBits().orElseThrow());
                points.say(text(Caps.thread(self.tid())));
                points.say(text(Caps.process(ProcessHandle.current().pid()).sets()));
                points.say(text(Caps.process(ProcessHandle.current().pid()).main()));
                points.at("restricted");
            });
        }
    }

    /** A process and its threads, by id. */
    static final class ReadsOthers implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            for (String id : args) {
                points.say(text(Caps.thread(Long.parseLong(id)).sets()));
                points.say(text(Caps.process(Long.parseLong(id)).sets()));
                points.say(text(Caps.process(Long.parseLong(id)).main()));
            }
        }
    }

    /** A name that looks like a line of the file, on a thread that holds all. */
    static final class HasAForgedName implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Thread thread = new Thread(() -> {
                points.say(text(Caps.thread().sets()));
                points.at("named");
            }, "x\nCapEff:\t0");
            thread.start();
            thread.join();
        }
    }

    /** Runs libcap's own reader as its child, on a thread that is restricted. */
    static final class RunsCapsh implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Caps.begin(Scope.THREAD).apply(ChildArguments.sets(args[0]), Identity.of(NOBODY, NOBODY));
            Command.lines("/usr/sbin/capsh", "--print").forEach(points::say);
            points.say("end");
        }
    }

    @Test
    void aThreadReadsItselfAndItsProcess() {
        String masks = OutsideStatus.mine().withSets(SOME, SOME, CapMasks.KILL, SOME, CapMasks.SETGID).masks();
        try (ObservedChild child = ObservedChild.start(ReadsItself.class, masks)) {
            long process = child.process();
            String current = child.said();
            String self = child.said();
            String name = child.said();
            String ofThread = child.said();
            String ofProcess = child.said();
            String main = child.said();
            OutsideStatus restricted = child.at("restricted");
            assertThat(restricted).isEqualTo(child.start().withSets(SOME, SOME, CapMasks.KILL, SOME, CapMasks.SETGID)
                    .as(1000, 1001, 4L, 24L));
            assertThat(current).isEqualTo(restricted.masks());
            assertThat(self).isEqualTo(restricted.toString());
            assertThat(name).isEqualTo(child.thread() + " Thread-0 none");
            assertThat(ofThread).isEqualTo(restricted.toString());
            assertThat(ofProcess).isEqualTo(OutsideStatus.of(process).masks()).isEqualTo(child.start().masks());
            assertThat(main).isEqualTo(child.start().toString());
        }
    }

    @Test
    void aProcessIsReadAsLibcapReadsIt() throws IOException, InterruptedException {
        Process cat = new ProcessBuilder("setpriv", "--reuid", "1000", "--regid", "1001", "--groups", "4,24",
                "--no-new-privs", "--inh-caps", "-all,+kill,+setgid", "--ambient-caps", "-all,+kill", "cat").start();
        try {
            while (!"cat".equals(ProcTasks.name(Path.of("/proc/" + cat.pid())))) {
                Thread.sleep(5);
            }
            try (ObservedChild child = ObservedChild.start(ReadsOthers.class, Long.toString(cat.pid()))) {
                String masks = child.said();
                assertThat(masks).isEqualTo(OutsideStatus.of(cat.pid()).masks());
                assertThat(child.said()).isEqualTo(masks);
                assertThat(child.said()).isEqualTo(OutsideStatus.of(cat.pid()).toString());
            }
            assertThat(Command.run("/usr/sbin/getpcaps", Long.toString(cat.pid())))
                    .isEqualTo(cat.pid() + ": cap_kill=eip cap_setgid+i\n");
            assertThat(OutsideStatus.of(cat.pid())).extracting(OutsideStatus::permitted, OutsideStatus::effective,
                    OutsideStatus::inheritable).containsExactly(CapMasks.KILL, CapMasks.KILL, SOME);
        } finally {
            cat.destroy();
        }
    }

    @Test
    void libcapReadsWhatWasApplied() {
        String masks = OutsideStatus.mine().withSets(SOME | CapMasks.CHOWN, SOME, SOME, SOME, SOME).masks();
        try (ObservedChild child = ObservedChild.start(RunsCapsh.class, masks).inheriting("process reaper")) {
            StringBuilder said = new StringBuilder();
            for (String line; !(line = child.said()).equals("end");) {
                said.append(line).append('\n');
            }
            assertThat(said.toString().lines()).contains("Current: cap_kill,cap_setgid=eip",
                    "Bounding set =cap_chown,cap_kill,cap_setgid", "Ambient set =cap_kill,cap_setgid");
            assertThat(said).contains("uid=65534(nobody)", "gid=65534(nogroup)", "groups=\n");
        }
    }

    @Test
    void threadNameForgesNoLine() {
        try (ObservedChild child = ObservedChild.start(HasAForgedName.class)) {
            assertThat(child.said()).isEqualTo(child.start().masks());
            assertThat(child.at("named")).isEqualTo(child.start());
            assertThat(ProcTasks.name(Path.of("/proc/" + child.process() + "/task/" + child.thread())))
                    .isEqualTo("x\nCapEff:\t0");
        }
    }
}
