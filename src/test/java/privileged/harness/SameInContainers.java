package privileged.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks a test class whose outcome no container changes: neither capabilities, a seccomp filter nor a user namespace matter
 * to what it shows. The containers leave it out. A class without this mark runs in each of them.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("same-in-containers")
public @interface SameInContainers {
}
