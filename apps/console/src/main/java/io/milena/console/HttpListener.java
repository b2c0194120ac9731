package io.milena.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.milena.runtime.Threads;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
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

    private final HttpServer server;
    private final RequestGuard guard;
    private final Router router;

    private HttpListener(HttpServer server, RequestGuard guard, Router router) {
        this.server = server;
        this.guard = guard;
        this.router = router;
    }

    /**
     * Answers from now on.
     *
     * @param router knows its pages
     * @throws IOException if the address cannot be used
     */
    static HttpListener start(InetSocketAddress address, Router router, Threads threads) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (BindException e) {
            throw new BindException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage());
        }
        RequestGuard guard = new RequestGuard(server.getAddress().getAddress().isLoopbackAddress());
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
            send(exchange, response(exchange));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A client of the console went away: {0}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Answering " + exchange.getRequestURI() + " failed", e);
        }
    }

    private Page.Response response(HttpExchange exchange) throws IOException {
        RequestGuard.Refusal refusal = guard.check(exchange.getRequestMethod(), first(exchange, "Host"))
                .orElse(null);
        if (refusal != null) {
            return Page.Response.text(refusal.status(), refusal.reason());
        }
        String accept = first(exchange, "Accept");
        try {
            Router.Match match = router.find(exchange.getRequestURI(), accept == null ? "" : accept)
                    .orElseThrow(() -> new BadRequest(404, "There is nothing here."));
            return match.page().answer(match.request());
        } catch (BadRequest e) {
            return Json.error(e.status(), String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String first(HttpExchange exchange, String header) {
        return exchange.getRequestHeaders().getFirst(header);
    }

    private static void send(HttpExchange exchange, Page.Response response) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", response.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        if (response.status() == 405) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        if (isGzipWelcome(exchange)) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
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
