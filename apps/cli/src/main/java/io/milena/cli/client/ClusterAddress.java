package io.milena.cli.client;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Brokers by which a cluster can be found, not resolved yet; any one of them is enough. */
public record ClusterAddress(List<InetSocketAddress> brokers) {
    /**
     * @param text {@code host:port}, or several with commas between
     * @throws IllegalArgumentException if it is not that
     */
    public static ClusterAddress parse(String text) {
        List<InetSocketAddress> brokers = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            brokers.add(broker(one.strip()));
        }
        return new ClusterAddress(List.copyOf(brokers));
    }

    private static InetSocketAddress broker(String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port > 0) {
                    return InetSocketAddress.createUnresolved(text.substring(0, colon), port);
                }
            }
        } catch (IllegalArgumentException _) {
            // not a number, or too large for a port; said below
        }
        throw new IllegalArgumentException("'" + text + "' is not an address of the form host:port");
    }

    @Override
    public String toString() {
        return brokers.stream()
                .map(broker -> broker.getHostString() + ":" + broker.getPort())
                .collect(Collectors.joining(","));
    }
}
