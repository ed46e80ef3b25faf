package nucleus.caps.internal.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.internal.kernel.Access;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.rules.UserNamespace;
import nucleus.caps.internal.sys.Denial;

/** What the kernels of the tests have in common: they read what they observe, and have no filters and no files. */
public abstract class BareKernel implements Kernel {

    @Override
    public List<ThreadStatus> read(Scope scope) {
        return observe(scope);
    }

    @Override
    public List<ThreadStatus> probe(Scope scope) {
        return observe(scope);
    }

    @Override
    public void rehearse(Scope scope) {
        // there is nothing to link
    }

    @Override
    public boolean dumpable() {
        return false;
    }

    @Override
    public void makeDumpable() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void rehearse(Scope scope, Denial denial) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void deny(Scope scope, Denial denial) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Difference> namespacesGranted() {
        return List.of();
    }

    @Override
    public Access access(Identity user) {
        return new FakeAccess();
    }

    @Override
    public boolean handOver(List<Path> trees, Identity user) {
        return false;
    }

    @Override
    public Kernel allowingIoUring() {
        return this;
    }

    @Override
    public Kernel answeringWithin(Duration deadline) {
        return this;
    }

    @Override
    public UserNamespace userNamespace() {
        return UserNamespace.INITIAL;
    }

    @Override
    public CapabilitySet supported() {
        return CapabilitySet.ALL;
    }
}
