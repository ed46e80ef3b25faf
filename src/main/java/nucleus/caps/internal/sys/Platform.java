package nucleus.caps.internal.sys;

import java.lang.foreign.MemorySegment;

/** Checks the platform before the initialisation of a class fails permanently. */
public final class Platform {

    private Platform() {
    }

    /**
     * Checks that this JVM runs on a supported platform and may make native calls.
     *
     * @throws UnsupportedOperationException if the operating system is not Linux, or the processor is not known
     * @throws IllegalCallerException if native access is not enabled
     */
    public static void require() {
        try {
            MemorySegment.NULL.reinterpret(1); // restricted like every native call
        } catch (IllegalCallerException e) {
            throw new IllegalCallerException("native access is not enabled for nucleus.caps; start java with"
                    + " --enable-native-access=nucleus.caps, or with =ALL-UNNAMED if the library is on the class path", e);
        }
        require(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static void require(String osName, String osArch) {
        if (!osName.equals("Linux")) {
            throw new UnsupportedOperationException("nucleus.caps needs Linux, and this system is " + osName);
        }
        Syscall.GETTID.on(osArch);
    }
}
