package nucleus.caps.internal.launch;

import nucleus.caps.CapsException;

/** The four ends of two pipes. Each is closed only once, because another file may get the number of a closed descriptor. */
final class Pipes implements AutoCloseable {

    private static final int CLOSED = -1;

    private final Descriptors.Pipe up = Descriptors.pipe();
    private final Descriptors.Pipe down;
    private final int[] open;

    Pipes() {
        try {
            down = Descriptors.pipe();
        } catch (CapsException e) {
            Descriptors.close(up.from());
            Descriptors.close(up.to());
            throw e;
        }
        open = new int[] {up.from(), up.to(), down.from(), down.to()};
    }

    /** The end that this process reads from. */
    int up() {
        return up.from();
    }

    /** The end that this process writes to. */
    int down() {
        return down.to();
    }

    int childsUp() {
        return up.to();
    }

    int childsDown() {
        return down.from();
    }

    void closeChilds() {
        close(1);
        close(2);
    }

    void closeDown() {
        close(3);
    }

    private void close(int index) {
        if (open[index] != CLOSED) {
            Descriptors.close(open[index]);
            open[index] = CLOSED;
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < open.length; i++) {
            close(i);
        }
    }
}
