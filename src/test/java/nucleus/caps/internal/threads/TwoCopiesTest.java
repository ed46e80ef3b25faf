package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ChildJvm.that;

import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Two class loaders have a copy of the library each. Both copies leave their handler installed. */
class TwoCopiesTest {

    @Test
    void reachTheHandlerThatWasThereFirst() {
        ChildJvm.run(Stay.class);
    }

    /** A handler below both copies counts the signals that reach it. */
    static final class Stay implements ChildJvm.Scenario {

        private static final Duration SHORT = Duration.ofSeconds(2);

        @Override
        public void run(AllThreads all) throws Exception {
            OnThisThread below = new OnThisThread();
            ControlBlock block = below.loaded(Raw.asking(Raw.GETTID));
            below.signal.install(block);
            Copy first = new Copy();
            Copy second = new Copy();
            that(first.type != second.type && first.type != AllThreads.class, "the copies are one");
            deafen();
            String installed = Raw.action();
            for (Copy copy : List.of(first, second, first, second, first)) {
                copy.run();
                that(!Raw.action().equals(installed), "the handler of a copy does not stay");
                installed = Raw.action();
                below.signal(1);
                that(block.take().size() == 1, "the foreign signal does not reach the handler that was there first");
            }
        }

        /** Starts a thread that blocks the signal: a round with it ends at its deadline. */
        private static void deafen() throws InterruptedException {
            CountDownLatch blocked = new CountDownLatch(1);
            Thread.ofPlatform().daemon().start(() -> {
                Raw.mask(Raw.SIG_BLOCK);
                blocked.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            blocked.await();
        }

        /** The library, loaded once more. */
        private static final class Copy {

            private final Class<?> type;
            private final Object all;
            private final Object program;

            Copy() throws ReflectiveOperationException {
                URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Copy::url).toArray(URL[]::new);
                URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
                type = loader.loadClass(AllThreads.class.getName());
                all = open(type.getDeclaredMethod("prepare")).invoke(null);
                Constructor<?> constructor = loader.loadClass(Program.class.getName())
                        .getDeclaredConstructor(List.class, List.class, int.class);
                program = constructor.newInstance(List.of(), List.of(), 0);
            }

            private static URL url(String path) {
                try {
                    return Path.of(path).toUri().toURL();
                } catch (MalformedURLException e) {
                    throw new IllegalStateException(e);
                }
            }

            private static Method open(Method method) {
                method.setAccessible(true);
                return method;
            }

            /** Runs a round that one thread does not answer. */
            void run() throws ReflectiveOperationException {
                Method run = Arrays.stream(type.getMethods()).filter(method -> method.getName().equals("run"))
                        .findFirst().orElseThrow();
                java.util.function.Predicate<Object> accepted = answer -> true;
                try {
                    String outcome = run.invoke(all, program, SHORT, accepted).toString();
                    that(outcome.contains("settled=false") && !outcome.contains("silent=[]"), outcome);
                } catch (InvocationTargetException e) {
                    throw new AssertionError(e.getCause());
                }
            }
        }
    }
}
