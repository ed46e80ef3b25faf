// What scripts/jshell begins with: the library's names, and the caps command as methods.

import nucleus.caps.*;
import static nucleus.caps.Capability.*;
import static nucleus.caps.Scope.*;

void run(String... words) {
    java.util.spi.ToolProvider.findFirst("caps").orElseThrow().run(System.out, System.err, words);
}

/** What the thread holds that runs what is typed here. */
void caps() {
    run("show");
}

/** What another process holds. */
void caps(long pid) {
    run("show", Long.toString(pid));
}

/** What every thread of this JVM holds. */
void threads() {
    run("threads");
}

/** What every thread of another process holds. */
void threads(long pid) {
    run("threads", Long.toString(pid));
}

/** What a capability is good for, or which have to do with a word. */
void explain(String... words) {
    run(Stream.concat(Stream.of("explain"), Stream.of(words)).toArray(String[]::new));
}
