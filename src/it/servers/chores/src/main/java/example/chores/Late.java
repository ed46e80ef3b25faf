package example.chores;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;

/** A class that is loaded after the drop, and classes and files of the JDK that it needs. */
final class Late {

    private Late() {
    }

    static String loaded() throws NoSuchAlgorithmException {
        return SSLContext.getDefault().getProtocol();
    }
}
