package nucleus.caps.internal.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.sys.Errno;

/**
 * The protocol between this process and an image. The child cannot inherit the pipes, because the JDK closes all
 * descriptors. The child opens its ends through the descriptors of this process in /proc. This process closes these ends
 * after that. From then on, an end of file means that the child has executed its program or has ended.
 */
final class ChildProtocol {

    /** The interval between checks whether a silent child is still alive. */
    private static final Duration GLANCE = Duration.ofMillis(50);

    private static final int KILLED_BY_SECCOMP = 128 + 31;

    private final Process process;
    private final Pipes ends;
    private final List<Instruction> list;

    ChildProtocol(Process process, Pipes ends, List<Instruction> list) {
        this.process = process;
        this.ends = ends;
        this.list = list;
    }

    /** Waits until the child stops, verifies the child, lets it continue, and waits until it has executed its program. */
    void hold(ChildPlan plan) {
        boolean runs = false;
        try {
            ChildReport first = first();
            ends.closeChilds();
            if (!first.is(Elf.REPORT)) {
                throw first.refusal();
            }
            plan.verify(Proc.process(process.pid()));
            letGo();
            runs = true;
        } finally {
            if (!runs) {
                end();
            }
        }
    }

    private ChildReport first() {
        while (true) {
            boolean alive = process.isAlive(); // before the read, because a child reports before it ends
            if (Descriptors.readable(ends.up(), alive ? GLANCE : Duration.ZERO)) {
                return ChildReport.read(ends.up(), list).orElseThrow();
            }
            if (!alive) {
                throw gone("before it could say anything: it may not open descriptors of this process, or was killed");
            }
        }
    }

    private CapsException gone(String when) {
        int status = process.exitValue();
        return Errno.NONE.exception("launch", status == KILLED_BY_SECCOMP
                ? "a seccomp filter has killed the child" : "the child has ended with " + status + " " + when);
    }

    private Optional<ChildReport> report() {
        return ChildReport.read(ends.up(), list);
    }

    private void letGo() {
        if (!Descriptors.writeByte(ends.down())) {
            waitFor();
            throw gone("when it had been looked at: it was killed");
        }
        Optional<ChildReport> denied = Optional.empty();
        for (Optional<ChildReport> next = report(); next.isPresent(); next = report()) {
            ChildReport report = next.get();
            if (denied.isEmpty() && report.errno().equals(Errno.EACCES)) {
                denied = next; // among several files of that name, this one exists
            }
            if (report.last()) {
                throw denied.filter(each -> report.passed()).orElse(report).refusal();
            }
        }
    }

    /** Ends the child. The image ends by itself when its pipe is closed. */
    private void end() {
        ends.closeDown();
        process.destroyForcibly();
        waitFor();
        try {
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            throw new IllegalStateException("a pipe of a child that is gone cannot be closed", e);
        }
    }

    private void waitFor() {
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
