package io.milena.console;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may be answered, before anything is done for it. There are no passwords: whoever reaches the address from a program may ask. What is kept out is the web page of somebody else in the browser
 * of one who may: by its name (DNS rebinding), by its origin, and by the types of body that a page can send elsewhere without being asked. Immutable.
 */
final class RequestGuard {
    /** Stands for every name. */
    static final String ANY_NAME = "*";

    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> WRITING = Set.of("POST", "PATCH", "DELETE");

    private final boolean isLoopback;
    private final Set<String> names;
    private final boolean isReadOnly;

    /**
     * @param isLoopback whether only this machine reaches the listener
     * @param names by which the listener may be called besides those of the loopback interface, in lower case; nothing else than looking is possible by another name
     */
    RequestGuard(boolean isLoopback, Set<String> names, boolean isReadOnly) {
        this.isLoopback = isLoopback;
        this.names = Set.copyOf(names);
        this.isReadOnly = isReadOnly;
    }

    /** Why a request is not answered. */
    record Refusal(int status, String reason) {}

    /**
     * What is known of a request; null where there is no such header.
     *
     * @param site the Sec-Fetch-Site header, which browsers send
     */
    record Caller(
            String method,
            @Nullable String host,
            @Nullable String origin,
            @Nullable String site,
            @Nullable String contentType) {}

    Optional<Refusal> check(Caller caller) {
        String host = caller.host;
        boolean isKnownName = host != null && isKnown(withoutPort(host).toLowerCase(Locale.ROOT));
        if ((isLoopback || !names.isEmpty()) && !isKnownName) {
            return Optional.of(new Refusal(
                    403,
                    isLoopback && names.isEmpty()
                            ? "This address answers only to localhost."
                            : "This address does not answer to that name; milena.console.hosts says to which"
                                    + " it does."));
        }
        if (READING.contains(caller.method)) {
            return Optional.empty();
        }
        if (!WRITING.contains(caller.method)) {
            return Optional.of(new Refusal(405, "Only GET, HEAD, POST, PATCH and DELETE are answered."));
        }
        return Optional.ofNullable(whyNotWritten(caller));
    }

    private @Nullable Refusal whyNotWritten(Caller caller) {
        if (isReadOnly) {
            return new Refusal(403, "This console is read-only (milena.console.read.only).");
        }
        boolean isOfPage = caller.origin != null;
        if (isOfPage && !("http://" + caller.host).equalsIgnoreCase(caller.origin)) {
            return new Refusal(403, "Pages of other origins change nothing here.");
        }
        if (caller.site != null && !caller.site.equals("same-origin") && !caller.site.equals("none")) {
            return new Refusal(403, "Pages of other sites change nothing here.");
        }
        if (!caller.method.equals("DELETE") && !isJson(caller.contentType)) {
            return new Refusal(415, "The body must be JSON, and the Content-Type header application/json.");
        }
        return null;
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null
                && contentType
                        .split(";", -1)[0]
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals(Json.CONTENT_TYPE);
    }

    private boolean isKnown(String name) {
        return names.contains(ANY_NAME) || names.contains(name) || isLoopbackName(name);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    /** A name that no foreign server can give out: somebody else's name may be made to point to this machine. */
    private static boolean isLoopbackName(String name) {
        if (name.equals("localhost")) {
            return true;
        }
        try {
            String literal = name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
            return InetAddress.ofLiteral(literal).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
