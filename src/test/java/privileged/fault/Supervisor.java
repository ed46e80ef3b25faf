package privileged.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import privileged.harness.CSource;

/**
 * The program {@code supervisor.c}, which runs a child and answers one of its system calls.
 *
 * @param program the compiled program
 */
record Supervisor(Path program) {

    /**
     * What it wrote down of one child.
     *
     * @param calls the counted calls in their order
     * @param fault whether the call of the fault was made
     * @param total how many calls there were in all threads; 0 where the child did not come to the second marker
     */
    record Report(List<Fault.Call> calls, boolean fault, int total) {
    }

    /** {@return the program, compiled anew} */
    static Supervisor compiled() {
        return new Supervisor(CSource.of(Supervisor.class, "supervisor").compile("supervisor"));
    }

    /** {@return the words that come before the command of a child} */
    String[] command(Fault fault, Path report) {
        Fault.Call call = fault.call();
        return new String[] {program.toString(), report.toString(), call.role(), call.text(),
            Integer.toString(call.number()), Integer.toString(fault.errno())};
    }

    /** {@return what was written down} A line that is not whole yet is left out. */
    static Report read(Path report) throws IOException {
        List<Fault.Call> calls = new ArrayList<>();
        boolean fault = false;
        int total = 0;
        for (String line : Files.readAllLines(report)) {
            String[] words = line.split(" ");
            if (words[0].equals("CALL") && words.length == 4) {
                calls.add(new Fault.Call(words[1], words[2], Integer.parseInt(words[3])));
            } else if (words[0].equals("END")) {
                total = Integer.parseInt(words[1]);
            }
            fault |= words[0].equals("FAULT");
        }
        return new Report(calls, fault, total);
    }
}
