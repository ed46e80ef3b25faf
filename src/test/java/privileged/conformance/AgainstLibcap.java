package privileged.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Iab;
import nucleus.caps.Libcap;
import nucleus.caps.Mode;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;
import nucleus.caps.ThreadStatus;
import privileged.harness.CapMasks;
import privileged.harness.OutsideStatus;

/**
 * Brings fresh threads into seeded random states, reads their mode, enters each mode and applies IAB tuples. Prints for
 * each what libcap is to be asked, a tab, and what came out. A program for a child JVM: ModesIT.
 */
final class AgainstLibcap {

    private static final long FEW = CapMasks.CHOWN | CapMasks.KILL | CapMasks.SETGID | CapMasks.NET_RAW;
    private static final int[] WORDS = {0, 0, 0, 0, 0xef, 0xef, 0xef, 0xef, 0x2f, 0x1, 0x20, 0x4, 0x10, 0xff, 0x6f};

    private final Random random;

    private AgainstLibcap(long seed) {
        random = new Random(seed);
    }

    /** A question for libcap and what the library makes of it. */
    private interface Question {
        String ask(ThreadCaps caps);
    }

    public static void main(String[] args) throws Exception {
        AgainstLibcap comparison = new AgainstLibcap(Long.parseLong(args[0]));
        for (int i = Integer.parseInt(args[1]); i > 0; i--) {
            for (String line : comparison.aState()) {
                System.out.println(line);
            }
        }
    }

    private List<String> aState() throws Exception {
        long all = OutsideStatus.mine().bounding();
        boolean setpcap = random.nextInt(4) > 0;
        long p = random.nextInt(5) == 0 ? setpcap ? CapMasks.SETPCAP : 0 : few() | (setpcap ? CapMasks.SETPCAP : 0);
        long e = p & few() | (setpcap ? CapMasks.SETPCAP : 0);
        long i = random.nextInt(3) == 0 ? 0 : few() & all;
        long a = random.nextInt(3) > 0 ? 0 : p & i & few();
        long b = random.nextInt(5) == 0 ? 0 : all & ~(random.nextInt(2) == 0 ? 0 : few());
        SecureBits bits = new SecureBits(WORDS[random.nextInt(WORDS.length)]);
        CapabilitySets sets = random.nextInt(10) == 0 ? CapabilitySets.NONE : new CapabilitySets(new CapabilitySet(b),
                new CapabilitySet(p), new CapabilitySet(e), new CapabilitySet(i), new CapabilitySet(a));
        State state = new State(bits, sets);

        List<String> lines = new ArrayList<>();
        lines.add("mode " + state + "\t" + on(state, caps -> caps.mode().toString()));
        for (Mode mode : List.of(Mode.NOPRIV, Mode.PURE1E_INIT, Mode.PURE1E, Mode.HYBRID)) {
            lines.add("enter " + (mode.ordinal() + 1) + " " + state + "\t" + on(state, caps -> {
                caps.enter(mode);
                return told();
            }));
        }
        Iab iab = new Iab(new CapabilitySet(few()), new CapabilitySet(random.nextInt(2) == 0 ? 0 : p & few()),
                new CapabilitySet(random.nextInt(2) == 0 ? 0 : few()));
        lines.add("apply " + Libcap.encoded(iab.toString()) + " " + state + "\t" + on(state, caps -> {
            caps.apply(iab);
            return told();
        }));
        return lines;
    }

    private long few() {
        return FEW & random.nextLong();
    }

    /** What a thread is brought into. */
    private record State(SecureBits bits, CapabilitySets sets) {

        void enter(ThreadCaps caps) {
            CapabilitySet more = sets.permitted().union(new CapabilitySet(CapMasks.SETPCAP));
            caps.set(SetKind.INHERITABLE, sets.inheritable());
            caps.set(SetKind.PERMITTED, more);
            caps.set(SetKind.AMBIENT, sets.ambient());
            caps.set(SetKind.BOUNDING, sets.bounding());
            caps.set(bits);
            caps.set(SetKind.PERMITTED, sets.permitted());
            caps.set(SetKind.EFFECTIVE, sets.effective());
        }

        @Override
        public String toString() {
            return words(bits, sets, false);
        }
    }

    private static String words(SecureBits bits, CapabilitySets sets, boolean noNewPrivs) {
        return "%x/%x/%x/%x/%x/%x/%d".formatted(bits.bits(), sets.bounding().bits(), sets.permitted().bits(),
                sets.effective().bits(), sets.inheritable().bits(), sets.ambient().bits(), noNewPrivs ? 1 : 0);
    }

    /** Of the calling thread, read again. */
    private static String told() {
        ThreadStatus now = Caps.thread();
        return words(now.secureBits().orElseThrow(), now.sets(), now.noNewPrivs());
    }

    private static String on(State state, Question question) throws Exception {
        FutureTask<String> task = new FutureTask<>(() -> {
            ThreadCaps caps = Caps.thisThread();
            state.enter(caps);
            String before = told();
            try {
                return question.ask(caps);
            } catch (CapsException e) {
                return !e.changed() && told().equals(before) ? "refused" : e.toString();
            }
        });
        Thread.ofPlatform().start(task);
        return task.get();
    }
}
