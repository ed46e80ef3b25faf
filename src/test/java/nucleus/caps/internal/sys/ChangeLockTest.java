package nucleus.caps.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

/** Two copies of this library in one JVM take turns. */
class ChangeLockTest {

    @Test
    void isOneObjectInAllClassLoaders() throws Exception {
        URL classes = ChangeLock.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, null)) {
            Class<?> copy = loader.loadClass(ChangeLock.class.getName());
            assertThat(copy).isNotSameAs(ChangeLock.class);
            assertThat(copy.getField("LOCK").get(null)).isSameAs(ChangeLock.LOCK);
        }
    }
}
