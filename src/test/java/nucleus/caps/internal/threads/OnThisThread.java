package nucleus.caps.internal.threads;

import java.util.List;

/** Lets the calling thread alone run programs, by the signal. */
final class OnThisThread implements AutoCloseable {

    final Machine machine = new Machine(Raw.PROCESSOR);
    final Signal signal = new Signal(machine, Raw.getpid());

    /** {@return an empty block of this process} */
    ControlBlock block(int capacity, int stride) {
        return new ControlBlock(machine, Raw.getpid(), capacity, stride);
    }

    /** {@return a block with that program} */
    ControlBlock loaded(Program program) {
        ControlBlock block = block(16, ControlBlock.stride(program));
        block.load(program);
        return block;
    }

    /** {@return the one answer of the calling thread} */
    Answer run(Program program) {
        ControlBlock block = loaded(program);
        signal.install(block);
        signal(1);
        List<Answer> answers = block.take();
        if (answers.size() != 1) {
            throw new AssertionError(answers);
        }
        return answers.getFirst();
    }

    void signal(int ask) {
        long result = signal.send(Raw.gettid(), ask);
        if (result != 0) {
            throw new AssertionError(result);
        }
    }

    @Override
    public void close() {
        signal.disarm();
        signal.restore();
    }
}
