package privileged;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * Tests that change credentials on the real kernel. Whether they can is told by the build, in the system property
 * {@code caps.held}: a test that decided from its own reading could skip itself because that reading is wrong.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Privileged.Condition.class)
public @interface Privileged {

    /** Asks the property, and fails where it is missing. */
    final class Condition implements BeforeEachCallback {

        private static final long NEEDED = Bits.SETGID | Bits.SETUID | Bits.SETPCAP | Bits.SYS_PTRACE | Bits.SYS_ADMIN;

        /** Skips each test by itself, so that as many are seen as skipped as would have run. */
        @Override
        public void beforeEach(ExtensionContext context) {
            ConditionEvaluationResult result = evaluate(System.getProperty("caps.held"));
            if (result.isDisabled()) {
                throw new TestAbortedException(result.getReason().orElseThrow());
            }
        }

        static ConditionEvaluationResult evaluate(String held) {
            if (held == null || !held.matches("[0-9a-f]{16}")) {
                throw new IllegalStateException("the build must give CapEff in the property caps.held, not " + held);
            }
            long missing = NEEDED & ~Long.parseUnsignedLong(held, 16);
            return missing == 0 ? ConditionEvaluationResult.enabled("CapEff is " + held)
                    : ConditionEvaluationResult.disabled("CapEff is %s, and lacks %016x".formatted(held, missing));
        }
    }
}
