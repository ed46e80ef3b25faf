package nucleus.caps.internal.launch;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;

/** The reports of one child, as they arrive. Each must arrive before a deadline. */
final class ChildReports {

    /** The interval between checks whether a silent child is still alive. */
    private static final Duration GLANCE = Duration.ofMillis(50);

    /** The interval between looks at a child that executes its program. */
    private static final Duration PAUSE = Duration.ofMillis(1);

    private static final byte[] NOTHING = {};

    private static final int SIGNAL = 128;
    private static final int KILLED_BY_SECCOMP = SIGNAL + 31;

    private final Process process;
    private final int descriptor;
    private final List<Instruction> list;
    private final Duration deadline;

    ChildReports(Process process, int descriptor, List<Instruction> list, Duration deadline) {
        this.process = process;
        this.descriptor = descriptor;
        this.list = list;
        this.deadline = deadline;
    }

    /**
     * {@return the next report, or empty if there is none: the child has executed its program or has ended}
     *
     * @throws CapsException if the child is silent
     */
    Optional<ChildReport> next() {
        return bytes(ChildReport.LENGTH).map(bytes -> ChildReport.of(bytes, list));
    }

    /** {@return the next report; the child has not executed a program yet} */
    ChildReport required() {
        return next().orElseThrow(this::gone);
    }

    /** {@return that many bytes, or empty like {@link #next}} */
    Optional<byte[]> bytes(int length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < length) {
            byte[] some = isReadable() ? Descriptors.read(descriptor, length - bytes.size()) : NOTHING;
            if (some.length == 0) {
                return Optional.empty();
            }
            bytes.writeBytes(some);
        }
        return Optional.of(bytes.toByteArray());
    }

    /**
     * Waits for a report. For a child that has ended, an end of file may be late: another child, started at the same moment,
     * has the other end open until it begins.
     */
    private boolean isReadable() {
        long start = System.nanoTime();
        while (true) {
            boolean alive = process.isAlive(); // before the look, because a child reports before it ends
            if (Descriptors.readable(descriptor, alive ? GLANCE : Duration.ZERO)) {
                return true;
            }
            if (!alive) {
                return false;
            }
            requireTime(start);
        }
    }

    /**
     * Waits until a child that has closed its end of the pipe has executed its program. A signal can end the child in that
     * moment. If /proc no longer shows whether the program had begun, the child counts as started. Its exit code names the
     * signal.
     */
    void awaitProgram(ChildStatus status) {
        long start = System.nanoTime();
        while (true) {
            boolean alive = process.isAlive();
            Optional<Boolean> image = status.isImage();
            if (image.isPresent() ? !image.get() : alive && !status.isOpen()) {
                return;
            }
            if (!alive) {
                if (process.exitValue() == KILLED_BY_SECCOMP || image.orElse(false)) {
                    throw gone();
                }
                return; // an image ends by itself only after a report
            }
            requireTime(start);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void requireTime(long start) {
        if (System.nanoTime() - start > deadline.toNanos()) {
            throw Errno.NONE.exception("launch", "the child has said nothing for " + deadline.toSeconds()
                    + " s: it may be stopped; it is killed now");
        }
    }

    /** {@return the exception for a child that has ended} */
    CapsException gone() {
        int status = Children.ended(process);
        return Errno.NONE.exception("launch", status == KILLED_BY_SECCOMP ? "a seccomp filter has killed the child"
                : status > SIGNAL ? "the child was killed by signal " + (status - SIGNAL) + " before it ran its program"
                : "the child has ended with " + status + " before it could say anything: it may not open descriptors of this"
                        + " process in /proc, may not duplicate them, or may not write to a pipe");
    }
}
