package example.netty;

import example.chores.Chores;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Answers requests, on the threads of a pool that grows. */
final class Http extends ChannelInitializer<SocketChannel> {

    private static final Executor POOL =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("worker-", 1).factory());

    @Override
    protected void initChannel(SocketChannel channel) {
        channel.pipeline().addLast(new HttpServerCodec(), new HttpServerKeepAliveHandler(), new HttpObjectAggregator(4096),
                new Hello());
    }

    private static final class Hello extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            String path = request.uri();
            POOL.execute(() -> context.writeAndFlush(answer(path)));
        }

        private static DefaultFullHttpResponse answer(String path) {
            HttpResponseStatus status = HttpResponseStatus.OK;
            String text;
            try {
                text = Chores.answer(path);
            } catch (Exception e) {
                status = HttpResponseStatus.INTERNAL_SERVER_ERROR;
                text = e.toString();
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
            return response;
        }
    }
}
