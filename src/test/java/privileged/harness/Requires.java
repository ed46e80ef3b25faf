package privileged.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedElement;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The requirements without which a test skips itself. {@link TestReports} accepts no other: a test that skips itself for a
 * requirement that it does not declare here is a fault.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Requires.Condition.class)
public @interface Requires {

    Requirement[] value();

    /** Whether the test calls {@link Requirement#orSkip} by itself, because only some of its rows need them. */
    boolean checkedInTest() default false;

    /** Skips each row by itself, so that as many rows are seen as skipped as would have run. */
    final class Condition implements BeforeEachCallback {

        @Override
        public void beforeEach(ExtensionContext context) {
            annotations(Stream.of(context.getTestClass(), context.getTestMethod()).flatMap(Optional::stream))
                    .filter(annotation -> !annotation.checkedInTest()).flatMap(annotation -> Stream.of(annotation.value()))
                    .forEach(Requirement::orSkip);
        }

        static Set<Requirement> declared(AnnotatedElement... elements) {
            Set<Requirement> declared = EnumSet.noneOf(Requirement.class);
            annotations(Stream.of(elements)).forEach(annotation -> declared.addAll(Set.of(annotation.value())));
            return declared;
        }

        private static Stream<Requires> annotations(Stream<AnnotatedElement> elements) {
            return elements.map(element -> element.getAnnotation(Requires.class)).filter(Objects::nonNull);
        }
    }
}
