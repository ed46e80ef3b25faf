package nucleus.caps.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which calls give each descriptor of a child its number, in a model of a kernel's descriptor table. */
class ChildTableTest {

    private static final String OS_ARCH = "amd64";
    private static final SocketCalls CALLS = new SocketCalls(OS_ARCH);

    /** Numbers and files. A new descriptor gets the lowest free number. */
    private static final class Model {

        private final Map<Long, String> open = new TreeMap<>(Map.of(0L, "in", 1L, "out", 2L, "err"));
        private final List<String> toReceive = new ArrayList<>();

        void run(List<Instruction> list) {
            list.forEach(each -> assertThat(result(each)).as(each.syscall()).isEqualTo(each.wanted()));
        }

        private long result(Instruction call) {
            long[] values = call.operands().stream()
                    .mapToLong(operand -> operand instanceof Instruction.Value value ? value.value() : 0).toArray();
            if (call.number() == Syscall.SOCKET.on(OS_ARCH)) {
                return add("own");
            } else if (call.number() == Syscall.RECVMSG.on(OS_ARCH)) {
                add(toReceive.removeFirst());
                return 1;
            } else if (call.number() == Syscall.DUP3.on(OS_ARCH)) {
                assertThat(open).containsKey(values[0]);
                assertThat(open.put(values[1], open.get(values[0]))).as("what dup3 closes").isNull();
                return values[1];
            } else if (call.number() == Syscall.FCNTL.on(OS_ARCH)) {
                assertThat(open).containsKey(values[0]);
                return 0;
            }
            assertThat(call.number()).isEqualTo(Syscall.CLOSE.on(OS_ARCH));
            assertThat(open.remove(values[0])).isNotNull();
            return 0;
        }

        private long add(String file) {
            long lowest = IntStream.range(0, 10_000).filter(number -> !open.containsKey((long) number)).findFirst().orElseThrow();
            open.put(lowest, file);
            return lowest;
        }
    }

    /** Every set of the numbers that an image would take for itself, and sets with a gap. */
    static Stream<Set<Integer>> kept() {
        return Stream.concat(IntStream.range(0, 256).mapToObj(bits -> {
            Set<Integer> kept = new TreeSet<>();
            IntStream.range(0, 8).filter(bit -> (bits >> bit & 1) == 1).forEach(bit -> kept.add(bit + 3));
            return kept;
        }), Stream.of(Set.of(1000), Set.of(3, 1000), Set.of(6, 7, 8, 1023)));
    }

    @ParameterizedTest
    @MethodSource
    void kept(Set<Integer> kept) {
        ChildTable table = new ChildTable(CALLS, kept);
        Model model = new Model();
        Set<Integer> own = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            own.add(table.nextOwn());
            model.run(table.own(CALLS.socket(table.next())));
        }
        new TreeSet<>(kept).forEach(number -> model.toReceive.add("kept " + number));
        model.run(table.receive(99));
        Map<Long, String> wanted = new TreeMap<>(Map.of(0L, "in", 1L, "out", 2L, "err"));
        own.forEach(number -> wanted.put((long) number, "own"));
        kept.forEach(number -> wanted.put((long) number, "kept " + number));
        assertThat(model.open).isEqualTo(wanted).hasSize(3 + 3 + kept.size());
    }

    @Test
    void ownNumbersAreTheLowestThatAreNotKept() {
        ChildTable table = new ChildTable(CALLS, Set.of(3, 5));
        assertThat(table.nextOwn()).isEqualTo(4);
        assertThat(table.own(CALLS.socket(table.next())).stream().map(Instruction::syscall))
                .containsExactly("socket(AF_UNIX)", "dup3(3, 4)", "close(3)");
        assertThat(table.nextOwn()).isEqualTo(6);
        assertThat(table.receive(4).stream().map(Instruction::syscall)).containsExactly("recvmsg(AF_UNIX)",
                "receive descriptor 3: fcntl(3, F_GETFD)", "recvmsg(AF_UNIX)", "receive descriptor 5: fcntl(5, F_GETFD)");
    }
}
