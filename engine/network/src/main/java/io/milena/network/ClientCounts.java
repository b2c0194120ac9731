package io.milena.network;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How many connections there are, in all and from each address. Safe for use by many threads. */
final class ClientCounts {
    private final ReentrantLock lock = new ReentrantLock();
    /** Only looked up. */
    private final Map<String, Integer> byAddress = new HashMap<>();

    private int all;

    /** Counts a connection from {@code address}, unless a limit is reached: then says which. */
    @Nullable
    String enter(String address, int allMax, int perAddressMax) {
        lock.lock();
        try {
            int same = byAddress.getOrDefault(address, 0);
            if (all >= allMax) {
                return "there are " + all + " connections, max.connections";
            }
            if (same >= perAddressMax) {
                return "there are " + same + " connections from there, max.connections.per.ip";
            }
            all++;
            byAddress.put(address, same + 1);
            return null;
        } finally {
            lock.unlock();
        }
    }

    void leave(String address) {
        lock.lock();
        try {
            all--;
            byAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }
}
