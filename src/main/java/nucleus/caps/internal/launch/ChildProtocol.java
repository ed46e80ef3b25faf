package nucleus.caps.internal.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Errno;

/**
 * The protocol between this process and an image. The child cannot inherit the pipes, because the JDK closes all
 * descriptors. The child opens its ends through the descriptors of this process in /proc. This process closes these ends
 * after that. From then on, an end of file means that the child has executed its program or has ended.
 *
 * <p>The child reports three times: when it has opened the pipes and has connected for a {@link Handover}, what it holds
 * after its changes, and each program that it cannot execute.
 */
final class ChildProtocol {

    /** The longest silence of a child. A child that is stopped is silent for ever. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Pipes ends;
    private final Handover handover;
    private final Duration patience;
    private final ChildReports reports;

    ChildProtocol(Process process, Pipes ends, Handover handover, List<Instruction> list, Duration patience) {
        this.process = process;
        this.ends = ends;
        this.handover = handover;
        this.patience = patience;
        reports = new ChildReports(process, ends.up(), list, patience);
    }

    /** Waits for the child, verifies it, lets it continue, and waits until it has executed its program. */
    void hold(ChildPlan plan, SelfReport self) {
        boolean runs = false;
        try {
            begin();
            try (ChildStatus status = ChildStatus.open(process.pid())) {
                handover.accept(process.pid(), patience);
                letGo();
                handover.send();
                ThreadStatus child = reported(self);
                plan.verify(child);
                status.read().map(plan::withSecureBits).ifPresent(plan::verify);
                status.filters().ifPresent(filters -> plan.verify(child, filters));
                letGo();
                awaitExecve();
                reports.awaitProgram(status);
            }
            runs = true;
        } finally {
            if (!runs) {
                ends.closeDown(); // the image ends by itself then
                Children.end(process);
            }
        }
    }

    /** Before a child has opened the pipes, its first report may be that it cannot. */
    private void begin() {
        ChildReport first = reports.required();
        ends.closeChilds();
        if (!first.is(Elf.REPORT)) {
            throw first.refusal();
        }
    }

    private ThreadStatus reported(SelfReport self) {
        int count = self.count();
        List<Long> answers = new ArrayList<>();
        byte[] memory = {};
        while (true) {
            ChildReport next = reports.required();
            if (next.is(Elf.REPORT)) {
                return self.status(process.pid(), answers, memory);
            }
            if (!next.passed()) {
                throw next.refusal();
            }
            if (next.instruction().isQuestion()) {
                answers.add(next.result());
                memory = answers.size() == count ? reports.bytes(self.memory()).orElseThrow(reports::gone) : memory;
            }
        }
    }

    private void letGo() {
        if (!Descriptors.writeByte(ends.down())) {
            throw reports.gone();
        }
    }

    /** Returns when the child has no report to make any more. */
    private void awaitExecve() {
        Optional<ChildReport> denied = Optional.empty();
        ChildReport last = new ChildReport(Elf.END, 0);
        for (Optional<ChildReport> next = reports.next(); next.isPresent(); next = reports.next()) {
            ChildReport report = next.get();
            if (report.is(Elf.END)) {
                throw denied.orElse(last).refusal();
            }
            if (!report.passed()) {
                throw report.refusal();
            }
            last = report;
            if (denied.isEmpty() && report.errno().equals(Errno.EACCES)) {
                denied = next; // among several files of that name, this one exists
            }
        }
    }
}
