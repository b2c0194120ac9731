package io.milena.console;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether a request may be answered, before anything is done for it. Immutable. */
final class RequestGuard {
    private final boolean isLoopback;

    /** @param isLoopback whether only this machine reaches the listener */
    RequestGuard(boolean isLoopback) {
        this.isLoopback = isLoopback;
    }

    /** Why a request is not answered. */
    record Refusal(int status, String reason) {}

    /** @param host the Host header, or null */
    Optional<Refusal> check(String method, @Nullable String host) {
        if (isLoopback && (host == null || !isLoopbackName(withoutPort(host)))) {
            return Optional.of(new Refusal(403, "This address answers only to localhost."));
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Optional.of(new Refusal(405, "Only GET and HEAD are answered."));
        }
        return Optional.empty();
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    /** A name that no foreign server can give out: somebody else's name may be made to point to this machine. */
    private static boolean isLoopbackName(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        if (plain.equals("localhost")) {
            return true;
        }
        try {
            String literal =
                    plain.startsWith("[") && plain.endsWith("]") ? plain.substring(1, plain.length() - 1) : plain;
            return InetAddress.ofLiteral(literal).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
