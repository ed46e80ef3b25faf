package nucleus.caps;

import java.util.function.UnaryOperator;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.session.OwnerThread;

/** The first phase, for tests in other packages. */
public final class Begin {

    private Begin() {
    }

    public static Phase.Initial on(Kernel kernel, Scope scope, UnaryOperator<Options> options) {
        return Phases.begin(kernel, scope, OwnerThread.NONE, options.apply(Options.DEFAULT));
    }
}
