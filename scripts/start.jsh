// The start of scripts/jshell: imports the library, and defines the caps command as methods.

import nucleus.caps.*;
import static nucleus.caps.Capability.*;
import static nucleus.caps.Scope.*;

void run(String... words) {
    java.util.spi.ToolProvider.findFirst("caps").orElseThrow().run(System.out, System.err, words);
}

/** Prints what the thread that runs the snippets holds. */
void caps() {
    run("show");
}

/** Prints what another process holds. */
void caps(long pid) {
    run("show", Long.toString(pid));
}

/** Prints what every thread of this JVM holds. */
void threads() {
    run("threads");
}

/** Prints what every thread of another process holds. */
void threads(long pid) {
    run("threads", Long.toString(pid));
}

/** Explains a capability, or the capabilities that have to do with a word. */
void explain(String... words) {
    run(Stream.concat(Stream.of("explain"), Stream.of(words)).toArray(String[]::new));
}
