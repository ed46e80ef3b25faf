package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** JMX with passwords that only root can read. */
@Privileged(also = CapMasks.CHOWN)
@SameInContainers
class ManagementIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final String OPTION = "-Dcom.sun.management.jmxremote.";

    private final Path place = Modules.directory("rwxr-xr-x");
    private final Path passwords = place.resolve("passwords");

    static final class IsManaged implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS,
                    options -> args.length > 0 ? options.handOver(Path.of(args[0])) : options);
            points.say(initial.advise(SOMEBODY).stream().filter(advice -> advice.kind() == Advice.Kind.MANAGEMENT).toList());
            initial.drop(SOMEBODY);
            points.at("dropped");
        }
    }

    private ObservedChild managed(int port, String... handedOver) throws IOException {
        var owned = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path access = Files.createFile(place.resolve("access"), owned);
        Files.writeString(access, "somebody readonly\n");
        Files.writeString(Files.createFile(passwords, owned), "somebody secret\n");
        return ObservedChild.of(IsManaged.class, handedOver).option("-Djava.rmi.server.hostname=127.0.0.1")
                .option(OPTION + "host=127.0.0.1").option(OPTION + "port=" + port).option(OPTION + "rmi.port=" + port)
                .option(OPTION + "ssl=false").option(OPTION + "access.file=" + access)
                .option(OPTION + "password.file=" + passwords).start().together();
    }

    /** {@return a port that was free a moment ago} */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Logs in, and asks something. */
    private static String name(int port) throws IOException {
        JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
        try (JMXConnector connector = JMXConnectorFactory.connect(url,
                Map.of(JMXConnector.CREDENTIALS, new String[] {"somebody", "secret"}))) {
            return connector.getMBeanServerConnection().getDefaultDomain();
        } catch (SecurityException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void nobodyCanLogIn() throws IOException {
        int port = freePort();
        try (ObservedChild child = managed(port)) {
            assertThat(child.said()).isEqualTo("[each login to JMX fails, because uid 65534 cannot read the passwords in "
                    + passwords + "; hand the file over with the option handOver]");
            child.at("dropped");
            assertThat(name(port)).isEqualTo("Authentication failed! Error: unable to load the password file: " + passwords);
        }
    }

    @Test
    void aFileThatWasHandedOverWorks() throws IOException {
        int port = freePort();
        try (ObservedChild child = managed(port, passwords.toString())) {
            assertThat(child.said()).isEqualTo("[]");
            child.at("dropped");
            assertThat(name(port)).isEqualTo("DefaultDomain");
        }
    }

    /** The file is not read then. */
    @ParameterizedTest
    @ValueSource(strings = {"authenticate=false", "login.config=any"})
    void othersNeedNoFile(String option) throws IOException {
        Files.createFile(passwords, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (ObservedChild child = ObservedChild.of(IsManaged.class).option(OPTION + "host=127.0.0.1")
                .option(OPTION + "port=" + freePort()).option(OPTION + "ssl=false").option(OPTION + option)
                .option(OPTION + "password.file=" + passwords).start().together()) {
            assertThat(child.said()).isEqualTo("[]");
            child.at("dropped");
        }
    }
}
