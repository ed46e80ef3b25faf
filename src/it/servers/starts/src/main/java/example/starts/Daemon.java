package example.starts;

import example.chores.Operator;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.eclipse.jetty.setuid.SetUIDListener;

/** A daemon that root starts, and that becomes nobody by the means that its argument names. */
public final class Daemon {

    private static final String RUNNING = "running";

    public static void main(String[] args) throws Exception {
        Phase.Initial initial = Caps.begin(Scope.PROCESS);
        switch (args[0]) {
            case "drop" -> initial.drop(Caps.identityOf("nobody"));
            case "dropExcept" -> initial.dropExcept(CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE), Caps.identityOf("nobody"));
            case "setuid" -> setuid();
            default -> {
            }
        }
        Operator.reached(RUNNING);
    }

    /** What Jetty does once it has started, if it is to open its ports as root. */
    private static void setuid() {
        SetUIDListener listener = new SetUIDListener();
        listener.setUid(65534);
        listener.setGid(65534);
        listener.setStartServerAsPrivileged(true);
        listener.lifeCycleStarted(null);
    }

    /** The next four are for jsvc. */
    public void init(String[] args) {
    }

    public void start() {
        System.out.println(RUNNING);
        System.out.flush();
    }

    public void stop() {
    }

    public void destroy() {
    }
}
