package example.netty;

import example.chores.Operator;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.TimeUnit;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;

/** Netty, which becomes nobody while it serves port 80. */
public final class NettyServer {

    private static final CapabilitySet PORT = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);

    private NettyServer() {
    }

    /** Takes an address, a transport, and where io_uring is used, what is done about it. */
    public static void main(String[] args) throws Exception {
        Transport transport = Transport.valueOf(args[1]);
        switch (args[2]) {
            case "later" -> servingLater(args[0], transport);
            case "allowed" -> allowingRings(args[0], transport);
            default -> serving(args[0], transport);
        }
    }

    private static void serving(String address, Transport transport) throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(transport.handlers());
        var bootstrap = new ServerBootstrap().group(loops).channel(transport.channel()).childHandler(new Http());
        Channel channel = bootstrap.bind(address, 80).sync().channel();
        Operator.reached("started"); // only for the test
        Caps.begin(Scope.PROCESS).dropExcept(PORT, Caps.identityOf("nobody"));
        operate(address, bootstrap, channel);
    }

    private static void allowingRings(String address, Transport transport) throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(transport.handlers());
        var bootstrap = new ServerBootstrap().group(loops).channel(transport.channel()).childHandler(new Http());
        Channel channel = bootstrap.bind(address, 80).sync().channel();
        Operator.reached("started"); // only for the test
        Caps.begin(Scope.PROCESS, options -> options.allowIoUring()).dropExcept(PORT, Caps.identityOf("nobody"));
        operate(address, bootstrap, channel);
    }

    private static void servingLater(String address, Transport transport) throws Exception {
        Operator.reached("started"); // only for the test
        Caps.begin(Scope.PROCESS).dropExcept(PORT, Caps.identityOf("nobody"));
        var loops = new MultiThreadIoEventLoopGroup(transport.handlers());
        var bootstrap = new ServerBootstrap().group(loops).channel(transport.channel()).childHandler(new Http());
        Channel channel = bootstrap.bind(address, 80).sync().channel();
        operate(address, bootstrap, channel);
    }

    private static void operate(String address, ServerBootstrap bootstrap, Channel channel) throws Exception {
        Operator.reached("dropped");
        channel.close().sync();
        Operator.awaitClosed(address);
        Channel again = bootstrap.bind(address, 80).sync().channel();
        Operator.reached("rebound");
        again.close().sync();
        bootstrap.config().group().shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }
}
