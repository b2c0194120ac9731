package io.milena.testkit;

import java.util.HashMap;
import java.util.Map;

/**
 * What became of the messages in a {@link SimulatedNetwork}, in numbers; a message is what one write has put on its way. What the link did to it is counted when it is sent, so a link that is cut later delays more than is
 * counted. For the threads of one world.
 */
public final class Traffic {
    private static final long USUAL_NANOS = LinkSettings.standard().latencyNanosMax();

    /** Of each direction between two hosts, when the last of its messages arrives; never iterated. */
    private final Map<String, Long> lastArrivals = new HashMap<>();

    private long lost;
    private long delayed;
    private long overtaking;

    Traffic() {}

    void sent(String direction, boolean isCut, long nowNanos, long arrivalNanos) {
        if (isCut || arrivalNanos - nowNanos > USUAL_NANOS) {
            delayed++;
        }
        if (arrivalNanos < lastArrivals.getOrDefault(direction, Long.MIN_VALUE)) {
            overtaking++;
        } else {
            lastArrivals.put(direction, arrivalNanos);
        }
    }

    void lost(int messages) {
        lost += messages;
    }

    /** On their way, or unread, when their connection was reset or nobody was there any more to read them. */
    public long lost() {
        return lost;
    }

    /** Sent on a link that was cut, or took longer than standard links do. */
    public long delayed() {
        return delayed;
    }

    /** Arrive before one that was sent earlier, between the same hosts, on another connection. */
    public long overtaking() {
        return overtaking;
    }
}
