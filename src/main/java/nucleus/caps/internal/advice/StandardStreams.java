package nucleus.caps.internal.advice;

import java.util.ArrayList;
import java.util.List;
import nucleus.caps.Advice;

/**
 * A standard stream that is a pipe, that the JVM has opened by name, and that the user cannot open by name. A pipe belongs to
 * the user that made it. A stream that is a file is one of {@link OpenFiles}.
 */
final class StandardStreams {

    private static final String PIPE = "pipe:";
    private static final String FLAGS = "flags:";
    private static final int OCTAL = 8;
    private static final int CLOSED = -1;
    /** It belongs to the descriptor, and not to the open file. The same number on all processors of this library. */
    private static final int O_CLOEXEC = 02000000;

    private StandardStreams() {
    }

    static List<Advice> of(Jvm jvm, NewUser user, List<Descriptor> descriptors) {
        List<Advice> found = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (Descriptor stream : descriptors) {
            if (isOutput(stream) && !seen.contains(stream.target())
                    && user.lacks(NewUser.WRITE, jvm.file("fd/" + stream.number()))) {
                seen.add(stream.target());
                for (Descriptor other : descriptors) {
                    if (isSameOpenedAgain(jvm, stream, other)) {
                        found.add(advice(user, stream, other));
                        break;
                    }
                }
            }
        }
        return found;
    }

    private static Advice advice(NewUser user, Descriptor stream, Descriptor other) {
        String name = stream.number() == 1 ? "/dev/stdout" : "/dev/stderr";
        return new Advice(Advice.Kind.STANDARD_STREAM, name + " cannot be opened again, as a change of the logging"
                + " configuration does",
                "it is a pipe that " + user + " cannot write, and descriptor " + other.number()
                        + " is the same pipe, opened by name",
                "give the pipe to that user before the drop, as chown(1) of " + name + " does");
    }

    private static boolean isOutput(Descriptor stream) {
        return stream.isStandard() && stream.number() > 0 && stream.target().startsWith(PIPE);
    }

    /** A copy of a descriptor, dup(2), has the flags of the original. An open pipe has others than pipe(2) gives. */
    private static boolean isSameOpenedAgain(Jvm jvm, Descriptor stream, Descriptor other) {
        if (other.isStandard() || !other.target().equals(stream.target()) || !other.isWritten()) {
            return false;
        }
        int original = flags(jvm, stream);
        int flags = flags(jvm, other);
        return original != CLOSED && flags != CLOSED && original != flags;
    }

    private static int flags(Jvm jvm, Descriptor descriptor) {
        String text = jvm.text("fdinfo/" + descriptor.number());
        int at = text.indexOf(FLAGS) + FLAGS.length();
        return text.isEmpty() ? CLOSED : Integer.parseInt(text.substring(at, text.indexOf('\n', at)).strip(), OCTAL) & ~O_CLOEXEC;
    }
}
