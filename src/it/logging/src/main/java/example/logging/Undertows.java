package example.logging;

import io.undertow.Undertow;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;

/** A server with a log of its own, which starts as root and becomes nobody. */
public final class Undertows {

    private Undertows() {
    }

    public static void main(String[] args) {
        Undertow server = Undertow.builder().addHttpListener(0, "localhost")
                .setHandler(exchange -> exchange.getResponseSender().send("hello")).build();
        server.start();
        Caps.begin(Scope.PROCESS).drop(Identity.of(65534, 65534));
        server.stop();
    }
}
