package soak;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What the threads of the child have to tell: what must not happen, at once, and what is only counted, at the end. */
final class Diary {

    static final String ANOMALY = "ANOMALY ";
    static final String COUNT = "COUNT ";

    private static final Map<String, LongAdder> COUNTS = new ConcurrentSkipListMap<>();

    private Diary() {
    }

    static void anomaly(String what) {
        System.out.println(ANOMALY + what);
    }

    static void count(String what) {
        COUNTS.computeIfAbsent(what, name -> new LongAdder()).increment();
    }

    static void tell() {
        COUNTS.forEach((what, times) -> System.out.println(COUNT + what + "=" + times));
    }
}
