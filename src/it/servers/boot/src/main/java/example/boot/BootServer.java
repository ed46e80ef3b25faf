package example.boot;

import example.chores.Chores;
import example.chores.Operator;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Scope;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Spring Boot, which becomes nobody when it is ready, while it serves port 80. */
@SpringBootApplication
@RestController
public class BootServer {

    public static void main(String[] args) throws Exception {
        var context = SpringApplication.run(BootServer.class, "--server.port=80", "--server.address=" + args[0]);
        Operator.reached("dropped");
        var server = ((WebServerApplicationContext) context).getWebServer();
        server.stop();
        Operator.awaitClosed(args[0]);
        server.start();
        Operator.reached("rebound");
        System.exit(SpringApplication.exit(context));
    }

    @EventListener(ApplicationReadyEvent.class)
    void dropRoot() throws Exception {
        Operator.reached("started"); // only for the test
        CapabilitySet port = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);
        Caps.begin(Scope.PROCESS).dropExcept(port, Caps.identityOf("nobody"));
    }

    @GetMapping({"/", "/{chore}"})
    String hello(@PathVariable(name = "chore", required = false) String chore) throws Exception {
        return Chores.answer("/" + chore);
    }
}
