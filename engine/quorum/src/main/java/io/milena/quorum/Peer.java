package io.milena.quorum;

/** A member of the quorum and where the others reach it. */
public record Peer(int id, String host, int port) {
    String address() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    static Peer of(String id, String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        return new Peer(
                Integer.parseInt(id),
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(address.substring(colon + 1)));
    }
}
