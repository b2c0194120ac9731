package io.milena.embedded;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A connection as its two ends share it, each of which a broker of this process may hold: how many bytes are between them, in either direction. Of the connection of a client only one end is known. Safe for use by many threads.
 */
final class Wire {
    private final AtomicLong bytes = new AtomicLong();
    private volatile Links.@Nullable Link link;

    /** A broker has opened it, to another one. */
    void isOpenedOn(Links.Link between) {
        link = between;
    }

    void sent(long count) {
        bytes.addAndGet(count);
    }

    void received(long count) {
        bytes.addAndGet(-count);
    }

    /** Whether something was sent that will arrive. */
    boolean hasBytesOnTheWay(Links links) {
        Links.Link between = link;
        return between != null && bytes.get() > 0 && !links.isCut(between);
    }
}
