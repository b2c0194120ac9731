package io.milena.broker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where clients and the other brokers connect, and what is spoken there: {@code listeners}, {@code advertised.listeners} and {@code listener.security.protocol.map}. Immutable.
 *
 * @param name before {@code ://}
 * @param bound where to listen; the network that is given resolves the name
 */
public record ListenerSettings(String name, Protocol protocol, InetSocketAddress bound) {
    private static final String LISTENERS = "listeners";
    private static final String ADVERTISED = "advertised.listeners";
    private static final String PROTOCOLS = "listener.security.protocol.map";
    private static final List<String> KAFKAS = List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");

    /** What is spoken, numbered as in Kafka's protocol. */
    public enum Protocol {
        PLAINTEXT(0),
        SSL(1);

        private final short id;

        Protocol(int id) {
            this.id = (short) id;
        }

        public short id() {
            return id;
        }
    }

    /** @throws IllegalArgumentException naming the setting that has no sense, alone or beside the others */
    static ListenerSettings of(BrokerSettings settings) {
        String value = String.valueOf(settings.effective(LISTENERS)).strip();
        String name = name(value);
        ListenerSettings listener =
                new ListenerSettings(name, protocol(name, settings), address(address(LISTENERS, value, name)));
        listener.advertised(settings, 0);
        listener.checkAmongBrokers(settings);
        return listener;
    }

    /** The name of the listener in a value of {@code listeners}. */
    public static String name(String listeners) {
        int end = listeners.indexOf("://");
        return end < 0 ? "PLAINTEXT" : listeners.substring(0, end);
    }

    private static Protocol protocol(String name, BrokerSettings settings) {
        String map = String.valueOf(settings.effective(PROTOCOLS));
        Map<String, String> protocols = new TreeMap<>();
        for (String pair : map.split(",")) {
            String[] parts = pair.strip().split(":");
            if (parts.length != 2 || !KAFKAS.contains(parts[1].strip())) {
                throw new IllegalArgumentException("Invalid value " + map + " for configuration " + PROTOCOLS
                        + ": it must be a list of LISTENER:PLAINTEXT or LISTENER:SSL, between commas");
            }
            protocols.put(parts[0].strip(), parts[1].strip());
        }
        String protocol = protocols.get(name);
        if (protocol == null) {
            throw new IllegalArgumentException("Invalid value " + settings.effective(LISTENERS) + " for configuration "
                    + LISTENERS + ": " + PROTOCOLS + " does not know " + name + ", but " + protocols.keySet());
        }
        try {
            return Protocol.valueOf(protocol);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Invalid value " + map + " for configuration " + PROTOCOLS + ": the protocol of the listener "
                            + name + " must be PLAINTEXT or SSL, since there is no SASL",
                    e);
        }
    }

    /** The other brokers use the listener of the clients: there is one. */
    private void checkAmongBrokers(BrokerSettings settings) {
        String chosen = settings.effective("inter.broker.listener.name");
        if (chosen != null && !chosen.equals(name)) {
            throw new IllegalArgumentException("Invalid value " + chosen
                    + " for configuration inter.broker.listener.name: it must be " + name
                    + ", the one listener of listeners");
        }
        String among = settings.effective("security.inter.broker.protocol");
        if (among != null && !among.equals(protocol.name())) {
            throw new IllegalArgumentException("Invalid value " + among
                    + " for configuration security.inter.broker.protocol: it must be " + protocol
                    + ", which the one listener " + name + " speaks");
        }
    }

    /** The address that clients and the other brokers are told. */
    InetSocketAddress advertised(BrokerSettings settings, int boundPort) {
        String advertised = settings.effective(ADVERTISED);
        if (advertised != null) {
            return address(address(ADVERTISED, advertised, name));
        }
        String host = bound.getHostString();
        return InetSocketAddress.createUnresolved(isAnyAddress(host) ? "localhost" : host, boundPort);
    }

    private static boolean isAnyAddress(String host) {
        try {
            return InetAddress.ofLiteral(host).isAnyLocalAddress();
        } catch (IllegalArgumentException e) {
            return false; // a name, not a number
        }
    }

    private static InetSocketAddress address(URI uri) {
        return InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort());
    }

    /** An address as the setting {@code name} has it, whose scheme is given. */
    static URI address(String name, String value, String scheme) {
        try {
            String prefix = scheme + "://";
            if (value.startsWith(prefix)) {
                // names of listeners may have what schemes may not
                String rest = value.substring(prefix.length());
                URI uri = URI.create("x://" + (rest.startsWith(":") ? "0.0.0.0" + rest : rest));
                if (uri.getHost() != null && uri.getPort() >= 0 && uri.getPort() <= 65535) {
                    return uri;
                }
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new IllegalArgumentException("Invalid value " + value + " for configuration " + name
                + ": it must be one address of the form " + scheme + "://host:port");
    }
}
