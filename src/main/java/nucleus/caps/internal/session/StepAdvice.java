package nucleus.caps.internal.session;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Advice;
import nucleus.caps.Capability;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.internal.advice.Findings;
import nucleus.caps.internal.advice.Jvm;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.plan.Target;

/** The advice for the steps of a session. A session logs it once, before it first switches the identity of the whole process. */
final class StepAdvice {

    private final Kernel kernel;
    private final Scope scope;
    private boolean logged;

    StepAdvice(Kernel kernel, Scope scope) {
        this.kernel = kernel;
        this.scope = scope;
    }

    List<Advice> of(Identity identity, List<Path> handedOver) {
        return Findings.of(Jvm.self(), identity, handedOver, scope, kernel);
    }

    /** A failure to get advice is no reason to refuse the step. */
    void log(Target target) {
        if (logged || target.identity().isEmpty() || scope == Scope.THREAD || Log.omits(Level.WARNING)) {
            return;
        }
        logged = true;
        try {
            for (Advice advice : of(target.identity().get(), target.trees())) {
                if (advice.kind() != Advice.Kind.LOCKED_MEMORY || !target.keep().contains(Capability.CAP_IPC_LOCK)) {
                    Log.warn(advice.toString());
                }
            }
        } catch (RuntimeException | Error e) { // for example a class of the JDK that could not be initialised
            Log.warn("what will fail after the switch is not known: " + e);
        }
    }
}
