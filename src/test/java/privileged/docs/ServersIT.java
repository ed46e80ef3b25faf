package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.CapMasks;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.SameInContainers;
import privileged.harness.TestIds;

/** Servers serve port 80 as root, become nobody meanwhile, and then do what servers do. scripts/test-servers runs this. */
@Privileged(also = CapMasks.NET_BIND_SERVICE)
@SameInContainers
class ServersIT {

    private static final long NOBODY = TestIds.NOBODY;
    private static final int ASKED = 50;
    private static final int TOGETHER = 32;
    private static final OutsideStatus ROOT = OutsideStatus.mine();
    private static final OutsideStatus DROPPED = ROOT.holdingOnly(CapMasks.NET_BIND_SERVICE).as(NOBODY, NOBODY, NOBODY)
            .withNoNewPrivs();

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NETTY_RINGS")
    @Requires(value = Requirement.IO_URING, checkedInTest = true)
    void servesOnAndNoRequestFails(Server server) throws Exception {
        if (server.name().startsWith("NETTY_RINGS")) {
            Requirement.IO_URING.orSkip();
        }
        try (ConsumerProcess program = new ConsumerProcess(server.command())) {
            program.until("started");
            long pid = program.worker().pid();
            everyThread(pid, ROOT);
            Drop drop = server.servesBeforeTheDrop() ? whileItServes(program, pid) : drop(program, pid, () -> 0);
            int requests = drop.requests + doesItsChores(pid, drop.threads);
            program.goOn();
            program.until("rebound");
            try (Visits visits = new Visits()) {
                visits.more(ASKED);
                requests += visits.answered();
            }
            everyThread(pid, DROPPED);
            program.goOn();
            program.rest();
            assertThat(program.end()).as("%s", program.errors()).isZero();
            report("| %s | %d | %d | %d | none | %d | nobody, cap_net_bind_service |".formatted(server.label, drop.threads,
                    requests, drop.during, drop.milliseconds));
        }
    }

    /**
     * What was seen of a drop.
     *
     * @param threads how many the server had then
     * @param requests how many were answered, before, during and after it
     * @param during how many of them during it
     */
    private record Drop(int threads, int requests, int during, long milliseconds) {
    }

    private static Drop whileItServes(ConsumerProcess program, long pid) throws Exception {
        try (Visits visits = new Visits()) {
            visits.more(ASKED);
            Drop drop = drop(program, pid, visits::answered);
            visits.more(ASKED);
            return new Drop(drop.threads, visits.answered(), drop.during, drop.milliseconds);
        }
    }

    private static Drop drop(ConsumerProcess program, long pid, IntSupplier answered) throws IOException {
        int before = answered.getAsInt();
        long began = System.nanoTime();
        program.goOn();
        program.until("dropped");
        long milliseconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        int during = answered.getAsInt() - before;
        return new Drop(everyThread(pid, DROPPED), 0, during, milliseconds);
    }

    /** Requests that need a class, a program, virtual threads, and a pool that grows. */
    private static int doesItsChores(long pid, int threads) throws IOException {
        assertThat(Visitor.once("/lazy")).isEqualTo("Default");
        assertThat(OutsideStatus.parse(Visitor.once("/child"))).isEqualTo(DROPPED.withPermitted(0).withEffective(0));
        assertThat(Visitor.once("/virtual")).isEqualTo("CapPrm:\t" + CapMasks.hex(CapMasks.NET_BIND_SERVICE));
        List<Visitor> visitors = new ArrayList<>();
        for (int i = 0; i < TOGETHER; i++) {
            visitors.add(new Visitor());
            visitors.getLast().send("/together");
        }
        for (Visitor visitor : visitors) {
            assertThat(visitor.answer()).isEqualTo("together");
            visitor.close();
        }
        assertThat(everyThread(pid, DROPPED)).isGreaterThan(threads);
        return 3 + TOGETHER;
    }

    @Test
    @Requires(Requirement.IO_URING)
    void refusesRingsThatRootMade() throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(Server.NETTY_RINGS.command())) {
            program.until("started");
            try (Visits visits = new Visits()) {
                visits.more(ASKED);
                program.goOn();
                assertThat(program.error("CapsException")).contains("Scope.PROCESS: io_uring is in use")
                        .contains("allowIoUring()");
                visits.more(ASKED);
            }
            everyThread(program.worker().pid(), ROOT);
        }
    }

    /** {@return how many there are, after each was found in that state} */
    private static int everyThread(long pid, OutsideStatus expected) {
        List<Path> threads = ProcTasks.of(pid);
        for (Path thread : threads) {
            OutsideStatus.ofLiving(thread)
                    .ifPresent(seen -> assertThat(seen).as("%s (%s)", thread, ProcTasks.name(thread)).isEqualTo(expected));
        }
        return threads.size();
    }

    /** Adds a row to the table that scripts/test-servers prints. The page has that row, with the numbers of another run. */
    private static void report(String row) throws IOException {
        Files.writeString(Path.of(System.getProperty("caps.basedir"), "target", "servers.table"), row + "\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        assertThat(Readme.text(Readme.page("servers")).lines().map(ServersIT::withoutNumbers)).contains(withoutNumbers(row));
    }

    private static String withoutNumbers(String row) {
        return row.replaceAll("\\d+", "N");
    }
}
