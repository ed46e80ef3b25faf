package example.image;

import java.util.List;
import java.util.Map;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Scope;

/** Applies what a container's config.json says, and runs the container's command, which has exactly that. */
public final class Launch {

    private Launch() {
    }

    public static void main(String[] args) throws Exception {
        List<String> port = List.of("CAP_NET_BIND_SERVICE");
        CapabilitySets sets = CapabilitySets.ofOci(Map.of("bounding", port, "permitted", port, "effective", port,
                "inheritable", port, "ambient", port));
        try {
            Caps.begin(Scope.PROCESS, options -> options.withNoNewPrivs()).apply(sets, Identity.of(65534, 65534));
        } catch (CapsException e) {
            System.err.println("launch: " + e.getMessage());
            System.exit(1);
        }
        System.exit(new ProcessBuilder(args).inheritIO().start().waitFor());
    }
}
