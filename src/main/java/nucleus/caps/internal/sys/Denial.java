package nucleus.caps.internal.sys;

/**
 * What a seccomp filter refuses to a thread, and to all threads and programs that it creates.
 *
 * @param namespaces whether the thread cannot create or enter a namespace
 * @param exec whether the thread cannot execute a program
 */
public record Denial(boolean namespaces, boolean exec) {

    /** Refuses nothing: no filter is needed. */
    public static final Denial NONE = new Denial(false, false);
}
