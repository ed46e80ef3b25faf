package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.Syscalls;
import privileged.harness.TestIds;

/** Threads with more groups than a round has room for at first. */
@Privileged
class GroupsIT {

    /** A user namespace may have hardly more ids. */
    private static final int MAPPED = 60_000;

    private static final int SETGROUPS = System.getProperty("os.arch").equals("amd64") ? 116 : 159;
    private static final int FIRST = 1000;

    private static int[] groups(int count) {
        return IntStream.range(FIRST, FIRST + count).toArray();
    }

    private static List<Long> expected(int count) {
        return LongStream.range(FIRST, FIRST + count).boxed().toList();
    }

    private static void setGroups(int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocateFrom(ValueLayout.JAVA_INT, groups(count));
            if (Syscalls.make(SETGROUPS, count, list.address()) != 0) {
                throw new IllegalStateException("setgroups");
            }
        }
    }

    /** On every thread, by the C library. */
    private static void setGroupsOfAll(int count) throws Throwable {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            int result = (int) linker.downcallHandle(linker.defaultLookup().find("setgroups").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS))
                    .invokeExact((long) count, arena.allocateFrom(ValueLayout.JAVA_INT, groups(count)));
            if (result != 0) {
                throw new IllegalStateException("setgroups");
            }
        }
    }

    /** One thread has that many groups. */
    static final class HasMany implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            int count = Integer.parseInt(args[0]);
            Checkpoints.onNewThread(() -> {
                int before = Caps.threads().size();
                setGroups(count);
                List<ThreadStatus> threads = Caps.threads();
                points.say((threads.getFirst().groups().equals(expected(count))
                        && Caps.thread().groups().equals(expected(count))) + " " + (threads.size() >= before - 1) + " "
                        + threads.stream().skip(1).noneMatch(thread -> thread.groups().equals(expected(count))));
                points.say(threads.stream().allMatch(thread -> thread.secureBits().isPresent()) + "");
            });
        }
    }

    /** Every thread has that many groups, and keeps them in a drop. */
    static final class KeepsMany implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            int count = Integer.parseInt(args[0]);
            try {
                setGroupsOfAll(count);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            Caps.begin(Scope.PROCESS).dropBoundingSetExcept(CapabilitySet.NONE);
            List<ThreadStatus> threads = Caps.threads();
            points.say(threads.stream().allMatch(thread -> thread.sets().bounding().isEmpty()
                    && thread.groups().equals(expected(count))) + "");
        }
    }

    /** Every thread is given that many groups. */
    static final class GetsMany implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            int count = Integer.parseInt(args[0]);
            long[] groups = LongStream.range(FIRST, FIRST + count).toArray();
            Caps.begin(Scope.PROCESS).drop(Identity.of(TestIds.ANYBODY, TestIds.ANYBODY, groups));
            List<ThreadStatus> threads = Caps.threads();
            points.say(threads.stream().allMatch(thread -> thread.groups().equals(expected(count))) + "");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 300, 65536})
    @Requires(value = Requirement.ALL_IDS, checkedInTest = true)
    void readsTheGroupsOfAThread(int count) throws IOException {
        if (count > MAPPED) {
            Requirement.ALL_IDS.orSkip();
        }
        try (ObservedChild child = ObservedChild.start(HasMany.class, Integer.toString(count))) {
            assertThat(child.said()).isEqualTo("true true true");
            assertThat(child.said()).isEqualTo("true");
        }
    }

    @Test
    void keepsTheGroupsOfEveryThread() {
        try (ObservedChild child = ObservedChild.start(KeepsMany.class, "300")) {
            assertThat(child.said()).isEqualTo("true");
        }
    }

    @Test
    @Requires(Requirement.ALL_IDS)
    void givesGroupsToEveryThread() throws IOException {
        try (ObservedChild child = ObservedChild.start(GetsMany.class, "65536")) {
            assertThat(child.said()).isEqualTo("true");
        }
    }
}
