package nucleus.caps.internal.launch;

import java.io.IOException;

/** The ends of children. */
final class Children {

    private Children() {
    }

    /** Kills a child, waits until it has ended, and closes its pipes. */
    static void end(Process process) {
        process.destroyForcibly();
        ended(process);
        try {
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            throw new IllegalStateException("a pipe of a child that is gone cannot be closed", e);
        }
    }

    /** {@return the exit value of a child, once it has ended} The wait ignores interrupts. */
    static int ended(Process process) {
        boolean interrupted = false;
        while (true) {
            try {
                int status = process.waitFor();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return status;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
