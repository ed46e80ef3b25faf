package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassFileTest {

    private static final String TARGET = """
            package target;

            @SuppressWarnings("serial")
            public class T extends RuntimeException {
                public static T get() { return null; }
                public @interface Mark { }
            }
            """;

    @ParameterizedTest
    @ValueSource(strings = {
        "class User extends T { static final long serialVersionUID = 1; }",
        "class User { T field; }",
        "class User { T[][] field; }",
        "class User { java.util.List<T> field; }",
        "class User { java.util.Map<String, ? super T[]> field; }",
        "class User<X extends T> { }",
        "class User { <X extends T> void m() { } }",
        "class User { void m(long n, T parameter) { } }",
        "class User { T m() { return null; } }",
        "class User { void m() throws T { } }",
        "class User { void m() { try { m(); } catch (T e) { } } }",
        "class User { Object o = T.class; }",
        "class User { Object o = T[].class; }",
        "class User { Object o = new T(); }",
        "class User { Object o = T.get(); }",
        "class User { java.util.function.Supplier<?> s = T::get; }",
        "class User { boolean m(Object o) { return o instanceof T; } }",
        "class User { boolean m(Object o) { return o instanceof T[]; } }",
        "class User { int m(Object o) { return switch (o) { case T t -> 1; default -> 2; }; } }",
        "record User(T component) { }",
        "@T.Mark class User { }",
        "class User { void m(@T.Mark int parameter) { } }",
        "class User { double m(double d) { return d * 0.1 + (1L << 40) + 123456789012L; } T field; }",
    })
    void everyKindOfMentionIsSeen(String user) {
        assertThat(mentions(user)).anyMatch(name -> name.startsWith("target.T"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"class User { /* target.T */ }", "class User { String s = \"target.T target/T\"; }"})
    void whatIsNoMentionIsNotSeen(String user) {
        assertThat(mentions(user)).contains("user.User").noneMatch(name -> name.startsWith("target.T"));
    }

    private static Set<String> mentions(String user) {
        return Javac.compile(TARGET, "package user; import target.T; " + user).classFile("user.User").mentions();
    }
}
