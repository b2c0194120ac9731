package io.milena.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP/1.1 at one address and gives each request to its page. */
final class HttpListener implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpListener.class.getName());
    /** Requests that are answered at a time; a connection that brings more is closed. */
    private static final int AT_WORK_MAX = 64;
    /** Of these, those that go on until the reader has enough. */
    private static final int STREAMS_MAX = 32;

    private static final int BODY_BYTES_MAX = 8 << 20;

    private final HttpServer server;
    private final RequestGuard guard;
    private final Router router;
    private final Semaphore streams = new Semaphore(STREAMS_MAX);

    private HttpListener(HttpServer server, RequestGuard guard, Router router) {
        this.server = server;
        this.guard = guard;
        this.router = router;
    }

    /**
     * Answers from now on.
     *
     * @param guard says what is answered at all
     * @param router knows its pages
     * @throws IOException if the address cannot be used
     */
    static HttpListener start(InetSocketAddress address, RequestGuard guard, Router router, Threads threads)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (BindException e) {
            throw new BindException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage());
        }
        HttpListener listener = new HttpListener(server, guard, router);
        server.setExecutor(bounded(threads));
        server.createContext("/", listener::answer);
        server.start();
        return listener;
    }

    private static Executor bounded(Threads threads) {
        Semaphore permits = new Semaphore(AT_WORK_MAX);
        return request -> {
            if (!permits.tryAcquire()) {
                throw new RejectedExecutionException("too many requests at once");
            }
            threads.start("http", () -> {
                try {
                    request.run();
                } finally {
                    permits.release();
                }
            });
        };
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            Page.Response response = response(exchange);
            if (!response.isStream()) {
                send(exchange, response);
            } else if (streams.tryAcquire()) {
                try {
                    send(exchange, response);
                } finally {
                    streams.release();
                }
            } else {
                send(
                        exchange,
                        Problem.answer(
                                new BadRequest(429, "There are " + STREAMS_MAX + " streams already; end one."),
                                Map.of()));
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A client of the console went away: {0}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Answering " + exchange.getRequestURI() + " failed", e);
        }
    }

    private Page.Response response(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        Map<String, String> headers = new LinkedHashMap<>();
        try {
            RequestGuard.Refusal refusal = guard.check(new RequestGuard.Caller(
                            method,
                            first(exchange, "Host"),
                            first(exchange, "Origin"),
                            first(exchange, "Sec-Fetch-Site"),
                            first(exchange, "Content-Type")))
                    .orElse(null);
            if (refusal != null) {
                throw new BadRequest(refusal.status(), refusal.reason());
            }
            Router.Match match = router.find(exchange.getRequestURI())
                    .orElseThrow(() -> new BadRequest(404, "There is nothing here."));
            Page page = match.page(method);
            if (page == null) {
                headers.put("Allow", match.methods());
                throw new BadRequest(405, "Only " + match.methods() + " are answered here.");
            }
            match.checkQuery(method);
            Request.Headers seen =
                    new Request.Headers(firstOrEmpty(exchange, "Accept"), firstOrEmpty(exchange, "Last-Event-ID"));
            return page.answer(new Request(match.path(), match.query(), seen, body(exchange)));
        } catch (BadRequest e) {
            return Problem.answer(e, headers);
        }
    }

    private static byte[] body(HttpExchange exchange) throws BadRequest, IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            throw new BadRequest(413, "A body has at most " + BODY_BYTES_MAX + " bytes.");
        }
        return body;
    }

    private static @Nullable String first(HttpExchange exchange, String header) {
        return exchange.getRequestHeaders().getFirst(header);
    }

    private static String firstOrEmpty(HttpExchange exchange, String header) {
        String value = first(exchange, header);
        return value == null ? "" : value;
    }

    private static void send(HttpExchange exchange, Page.Response response) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        if (!response.contentType().isEmpty()) {
            headers.set("Content-Type", response.contentType());
        }
        response.headers().forEach(headers::set);
        if (exchange.getRequestMethod().equals("HEAD") || response.status() == 204 || response.status() == 304) {
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        if (isGzipWelcome(exchange) && !response.isStream() && !headers.containsKey("Content-Encoding")) {
            headers.set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(response.status(), 0);
            try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody(), 8192)) {
                response.body().writeTo(out);
            }
        } else {
            exchange.sendResponseHeaders(response.status(), 0);
            try (OutputStream out = exchange.getResponseBody()) {
                response.body().writeTo(out);
            }
        }
    }

    private static boolean isGzipWelcome(HttpExchange exchange) {
        List<String> encodings = exchange.getRequestHeaders().getOrDefault("Accept-Encoding", List.of());
        return encodings.stream().anyMatch(encoding -> encoding.contains("gzip"));
    }

    /** Ends at once what is being answered. */
    @Override
    public void close() {
        server.stop(0);
    }
}
