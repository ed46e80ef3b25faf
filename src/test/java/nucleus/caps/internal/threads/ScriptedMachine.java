package nucleus.caps.internal.threads;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Bare system calls of which some are answered by a script. */
final class ScriptedMachine extends Machine {

    /** What a call answers. */
    interface Reply {
        long to(long[] arguments);
    }

    private final Map<Long, Deque<Reply>> replies = new HashMap<>();

    ScriptedMachine() {
        super(Raw.PROCESSOR);
    }

    /** The next such call that has no reply yet is answered so; those behind the last reply are made. */
    ScriptedMachine then(long number, Reply reply) {
        replies.computeIfAbsent(number, any -> new ArrayDeque<>()).add(reply);
        return this;
    }

    ScriptedMachine then(long number, long result) {
        return then(number, arguments -> result);
    }

    @Override
    long call(long number, long... arguments) {
        Deque<Reply> script = replies == null ? null : replies.get(number); // the machine itself is made by calls
        return script == null || script.isEmpty() ? super.call(number, arguments) : script.remove().to(arguments);
    }

    /** As read(2) would: those bytes, and how many they are. */
    static Reply gives(byte[] content) {
        return arguments -> {
            MemorySegment.ofAddress(arguments[1]).reinterpret(content.length).copyFrom(MemorySegment.ofArray(content));
            return content.length;
        };
    }

    static Reply gives(String content) {
        return gives(content.getBytes(StandardCharsets.ISO_8859_1));
    }
}
