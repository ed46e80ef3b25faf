package example.chores;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;

/** Who operates a server: it goes on when told to. */
public final class Operator {

    private static final BufferedReader WORDS = new BufferedReader(new InputStreamReader(System.in));

    private Operator() {
    }

    /** Prints which step was reached, and waits for a line. Without an operator, the server ends. */
    public static void reached(String step) throws IOException {
        System.out.println(step);
        if (WORDS.readLine() == null) {
            Runtime.getRuntime().halt(2);
        }
    }

    /** Waits until nothing listens on port 80. A thread that still accepts delays the end of a closed socket. */
    public static void awaitClosed(String address) throws IOException, InterruptedException {
        while (true) {
            try {
                new Socket(address, 80).close();
                Thread.sleep(5);
            } catch (ConnectException e) {
                return;
            }
        }
    }
}
