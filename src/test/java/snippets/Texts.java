package snippets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilityState;
import nucleus.caps.Caps;
import nucleus.caps.FileCapabilities;
import nucleus.caps.Iab;
import nucleus.caps.Presets;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;

/** The documentation's examples of values and their text formats. */
public final class Texts {

    private Texts() {
    }

    public static String sets() {
        // @start region="sets"
        CapabilitySet docker = CapabilitySet.ofMask("00000000a80425fb");
        CapabilitySet two = CapabilitySet.parse("net_bind_service, CAP_KILL");
        boolean within = docker.containsAll(two);                        // true
        CapabilitySet rest = docker.minus(Presets.DANGEROUS);            // toString() lists the rest
        // @end
        return docker.equals(Presets.DOCKER_DEFAULT) + " " + within + " " + rest;
    }

    public static String states() {
        // @start region="states"
        CapabilityState state = CapabilityState.parse("=p cap_net_bind_service+e", Caps.supported());
        boolean one = state.effective().equals(CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE)); // true
        // @end
        return one + " " + state.permitted().equals(Caps.supported());
    }

    public static String files() throws IOException {
        Path program = Files.createTempFile("program", ""); // a drop in another test would warn of a directory
        // @start region="files"
        FileCapabilities.parse("cap_net_bind_service=ep").write(program);
        String text = FileCapabilities.read(program).map(FileCapabilities::toString).orElse("none");
        // @end
        Files.delete(program);
        return text;
    }

    public static void handedOn() {
        // @start region="iab"
        Iab iab = Iab.parse("!cap_sys_admin,^cap_net_bind_service");   // ! drops from bounding, ^ sets inheritable and ambient
        Caps.begin(Scope.PROCESS).apply(iab);
        // @end
    }

    public static void locked() {
        // @start region="securebits"
        Caps.begin(Scope.PROCESS, options -> options.withSecureBits(SecureBits.LOCKED_DOWN)) // uid 0 is an ordinary uid
                .drop(Caps.identityOf("www-data"));
        // @end
    }
}
