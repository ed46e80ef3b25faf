package privileged.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedElement;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * Tests that change credentials on the real kernel. Whether they can is told by the build, in the system property
 * {@code caps.held}: a test that decided from its own reading could skip itself because that reading is wrong.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Privileged.Condition.class)
public @interface Privileged {

    /** What is needed beyond what any change of credentials needs. */
    long also() default 0;

    /** Asks the property, and fails where it is missing. */
    final class Condition implements BeforeEachCallback {

        private static final long ALWAYS = CapMasks.SETGID | CapMasks.SETUID | CapMasks.SETPCAP;

        /** Skips each test by itself, so that as many are seen as skipped as would have run. */
        @Override
        public void beforeEach(ExtensionContext context) {
            long needed = needed(Stream.of(context.getTestClass(), context.getTestMethod()).flatMap(Optional::stream));
            ConditionEvaluationResult result = evaluate(System.getProperty("caps.held"), needed);
            if (result.isDisabled()) {
                throw new TestAbortedException(result.getReason().orElseThrow());
            }
        }

        static long needed(Stream<? extends AnnotatedElement> elements) {
            return elements.map(element -> element.getAnnotation(Privileged.class)).filter(Objects::nonNull)
                    .mapToLong(Privileged::also).reduce(ALWAYS, (all, also) -> all | also);
        }

        static ConditionEvaluationResult evaluate(String held, long needed) {
            if (held == null || !held.matches("[0-9a-f]{16}")) {
                throw new IllegalStateException("the build must give CapEff in the property caps.held, not " + held);
            }
            long missing = needed & ~Long.parseUnsignedLong(held, 16);
            String told = "CapEff is " + held;
            return missing == 0 ? ConditionEvaluationResult.enabled(told)
                    : ConditionEvaluationResult.disabled(told + ", and lacks " + CapMasks.names(missing));
        }
    }
}
