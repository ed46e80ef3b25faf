package privileged.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import nucleus.caps.CapsException;

/** The child's end of the conversation with {@link ObservedChild}. */
public final class Checkpoints {

    /** The uid after {@link #leaveRoot}. */
    public static final int AWAY = 1000;

    /** What may throw. */
    public interface Action {
        void run() throws Exception;
    }

    /** Says that the calling thread has come so far, and waits until the parent has looked at it. */
    public void at(String point) {
        print("AT " + tid() + " " + point);
        try {
            for (int read; (read = System.in.read()) != '\n';) {
                if (read < 0) {
                    throw new IllegalStateException("the parent is gone");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes the uid from 0 to another, and stops. The kernel clears permitted, unless KEEPCAPS is on. */
    public void leaveRoot() {
        Syscalls.setresuid(AWAY);
        at("away");
    }

    public void say(Object word) {
        print("SAID " + word);
    }

    /** Says what an action threw, or that it threw nothing. */
    public void threw(Action action) {
        try {
            action.run();
            print("THREW nothing");
        } catch (CapsException e) {
            print("THREW " + String.join("\t", e.getClass().getSimpleName(), e.getMessage(), e.syscall(),
                    e.errnoName(), Boolean.toString(e.changed())));
        } catch (Exception | LinkageError e) {
            print("THREW " + String.join("\t", e.getClass().getSimpleName(), String.valueOf(e.getMessage())));
        }
    }

    /** Runs something on a new thread, and waits for it. */
    public static void onNewThread(Action action) throws InterruptedException {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        thread.join();
    }

    /** Keeps a thread until its JVM has ended. */
    public static void forEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void print(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Nothing where the child was given a /proc that is not its own. */
    private static String tid() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
        } catch (IOException e) {
            return ObservedChild.UNKNOWN;
        }
    }
}
