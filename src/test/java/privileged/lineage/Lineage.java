package privileged.lineage;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import privileged.harness.Checkpoints;

/** Threads of which each starts its successor after a short life and ends. One is alive at a time. */
interface Lineage {

    /** The shortest life of a member, in microseconds. */
    int SHORTEST = 300;

    /** Starts the first member from the calling thread. */
    void begin();

    /** {@return how many members have begun} */
    long generation();

    /** Makes the next member the last one, which stays. */
    void askToSettle();

    boolean isSettled();

    /** Waits for some more members. */
    default void awaitMore(int members) {
        long until = generation() + members;
        while (generation() < until) {
            LockSupport.parkNanos(200_000);
        }
    }

    /** Waits for the member that stays. */
    default void settle() {
        askToSettle();
        while (!isSettled()) {
            LockSupport.parkNanos(200_000);
        }
    }

    /** How a lineage makes its threads. */
    enum Kind {
        JAVA {
            @Override
            Lineage create(long seed, int longest, String library) {
                return new OfJava(seed, longest);
            }
        },
        /** Without the C library. */
        CLONE {
            @Override
            Lineage create(long seed, int longest, String library) {
                return new BareLineage(seed, longest, library);
            }
        };

        abstract Lineage create(long seed, int longest, String library);
    }

    /** Platform threads. */
    final class OfJava implements Lineage {

        private final Random random;
        private final int longest;
        private volatile long generation;
        private volatile boolean settling;
        private volatile boolean settled;

        private OfJava(long seed, int longest) {
            this.random = new Random(seed);
            this.longest = longest;
        }

        @Override
        public void begin() {
            Thread.ofPlatform().daemon().name(LineageChild.NAME).start(this::live);
        }

        /** Only the living member writes, and it starts its successor afterwards. */
        private void live() {
            generation++;
            if (settling) {
                settled = true;
                Checkpoints.forEver();
            }
            LockSupport.parkNanos(1_000L * random.nextInt(SHORTEST, longest + 1));
            begin();
        }

        @Override
        public long generation() {
            return generation;
        }

        @Override
        public void askToSettle() {
            settling = true;
        }

        @Override
        public boolean isSettled() {
            return settled;
        }
    }
}
