package soak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the JVM of a soak is given. */
enum Setup {

    G1("-XX:+UseG1GC"),
    ZGC("-XX:+UseZGC"),
    PARALLEL("-XX:+UseParallelGC"),
    SERIAL("-XX:+UseSerialGC"),
    JFR("-XX:+UseG1GC"),
    CHECK_JNI("-XX:+UseG1GC", "-Xcheck:jni"),
    INTERPRETED("-XX:+UseG1GC", "-Xint");

    private final List<String> options;

    Setup(String... options) {
        this.options = List.of(options);
    }

    /**
     * {@return the options}
     *
     * @param recording where to put one, if there is one
     */
    List<String> options(Path recording) {
        List<String> all = new ArrayList<>(options);
        if (this == JFR) {
            all.add("-XX:StartFlightRecording:filename=" + recording + ",settings=profile,"
                    + "jdk.ExecutionSample#period=1ms,jdk.NativeMethodSample#period=1ms");
            all.add("-Xlog:jfr+startup=error");
        }
        return all;
    }

    /** {@return so many rounds or threads, or a part of them} The interpreter takes ten times as long. */
    int part(int number) {
        return this == INTERPRETED ? Math.ceilDiv(number, 5) : number;
    }
}
