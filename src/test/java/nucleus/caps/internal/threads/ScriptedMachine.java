package nucleus.caps.internal.threads;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import nucleus.caps.internal.sys.Syscall;

/** Bare system calls, some of which a script answers. */
final class ScriptedMachine extends Machine {

    private static final int ENTRY = 32;

    /** An answer to a call. */
    interface Reply {
        long to(long[] arguments);
    }

    private final Map<Integer, Deque<Reply>> replies = new HashMap<>();

    ScriptedMachine() {
        super(Raw.PROCESSOR);
    }

    /** Adds a reply: each is used once, in order. Without one the call is made. */
    ScriptedMachine then(Syscall syscall, Reply reply) {
        replies.computeIfAbsent(syscall.number(), any -> new ArrayDeque<>()).add(reply);
        return this;
    }

    ScriptedMachine then(Syscall syscall, long result) {
        return then(syscall, arguments -> result);
    }

    @Override
    long call(int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        Deque<Reply> script = replies == null ? null : replies.get(number); // the constructor of Machine makes calls
        return script == null || script.isEmpty() ? super.call(number, a0, a1, a2, a3, a4, a5)
                : script.remove().to(new long[] {a0, a1, a2, a3, a4, a5});
    }

    /** {@return a reply that writes those bytes, as read(2) does} */
    static Reply gives(byte[] content) {
        return arguments -> {
            MemorySegment.ofAddress(arguments[1]).reinterpret(content.length).copyFrom(MemorySegment.ofArray(content));
            return content.length;
        };
    }

    static Reply gives(String content) {
        return gives(content.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Entries as getdents64(2) writes them; the inode of the first one is 1000. */
    static byte[] entries(String... names) {
        ByteBuffer buffer = ByteBuffer.allocate(names.length * ENTRY).order(ByteOrder.nativeOrder());
        for (int i = 0; i < names.length; i++) {
            buffer.putLong(i * ENTRY, 1000 + i).putShort(i * ENTRY + 16, (short) ENTRY);
            buffer.put(i * ENTRY + 19, names[i].getBytes(StandardCharsets.US_ASCII));
        }
        return buffer.array();
    }
}
