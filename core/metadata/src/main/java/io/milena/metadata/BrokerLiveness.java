package io.milena.metadata;

import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which brokers have been heard of: what the active controller remembers and no record says. It belongs to the thread that decides; time is an argument.
 *
 * <p>Two things end a broker's session. <b>Silence</b>: no heartbeat for the whole session timeout, which a broker under full load does not reach. <b>A broken
 * connection</b>: the kernel closes the sockets of a process that dies, so a short grace is enough; a heartbeat on a new connection within it says that only the connection
 * was lost. A controller that has slept itself (paused, or starved) cannot tell who was silent: then everyone gets a full session anew.
 *
 * <p>A new controller knows nothing and gives every unfenced broker a full session as well. Whom it has not heard of yet may have died with the controller before: whether its process is there is for others to find out, who say {@link #isGone}.
 */
public final class BrokerLiveness {
    private static final long NEVER = Long.MAX_VALUE;

    private final long sessionTimeoutMs;
    private final long brokenConnectionGraceMs;
    /** In the order of ids. */
    private final Map<Integer, Contact> contacts = new TreeMap<>();

    private long promisedMs = NEVER;

    /**
     * @param sessionTimeoutMs {@code broker.session.timeout.ms}
     * @param brokenConnectionGraceMs how long after its connection has broken a broker may come with another one
     */
    public BrokerLiveness(long sessionTimeoutMs, long brokenConnectionGraceMs) {
        this.sessionTimeoutMs = sessionTimeoutMs;
        this.brokenConnectionGraceMs = Math.min(brokenConnectionGraceMs, sessionTimeoutMs);
    }

    /** What is known of one broker. */
    private static final class Contact {
        private final long epoch;
        private long heardMs;
        /** False where a new controller has only taken over that the broker was alive. */
        private boolean isHeard;

        /** When the grace after a broken connection ends. */
        private long graceEndsMs = NEVER;

        private long metadataOffset = -1;
        /** Everyone must have read the metadata up to here before the broker may go; -1 as long as it leads something. */
        private long shutdownOffset = -1;

        Contact(long epoch, long heardMs, boolean isHeard) {
            this.epoch = epoch;
            this.heardMs = heardMs;
            this.isHeard = isHeard;
        }
    }

    /** Starts over, as a controller does that has just become active. */
    public void reset(ClusterImage image, long nowMs) {
        contacts.clear();
        for (RegisterBrokerRecord broker : image.brokers()) {
            if (!broker.fenced()) {
                contacts.put(broker.brokerId(), new Contact(broker.brokerEpoch(), nowMs, false));
            }
        }
        promisedMs = NEVER;
    }

    /** A broker registers: it has a session, but is still fenced. */
    public void register(int broker, long epoch, long nowMs) {
        contacts.put(broker, new Contact(epoch, nowMs, true));
    }

    public void forget(int broker) {
        contacts.remove(broker);
    }

    /** A broker's connection to the controller has ended. A hint: what it was about may have come on another connection later. */
    public void connectionBroke(int broker, long epoch, long nowMs) {
        Contact contact = of(broker, epoch);
        if (contact != null && contact.graceEndsMs == NEVER) {
            contact.graceEndsMs = nowMs + brokenConnectionGraceMs;
        }
    }

    /** Nobody is where a broker was. That counts if it was not heard of since another controller has led. */
    public void isGone(int broker, long epoch, long nowMs) {
        Contact contact = of(broker, epoch);
        if (contact != null && !contact.isHeard) {
            connectionBroke(broker, epoch, nowMs);
        }
    }

    void heard(int broker, long epoch, long metadataOffset, long nowMs) {
        Contact contact = of(broker, epoch);
        if (contact == null) {
            contact = new Contact(epoch, nowMs, true);
            contacts.put(broker, contact);
        }
        contact.heardMs = nowMs;
        contact.isHeard = true;
        contact.graceEndsMs = NEVER;
        contact.metadataOffset = Math.max(contact.metadataOffset, metadataOffset);
    }

    private @Nullable Contact of(int broker, long epoch) {
        Contact contact = contacts.get(broker);
        return contact == null || contact.epoch != epoch ? null : contact;
    }

    /**
     * Whether the broker was heard of within the session timeout and its connection is not known to be broken. One that was only taken over from an earlier controller has but the short grace: brokers that live
     * tell a new controller at once, so when one comes as started anew instead, its former process has most likely died together with that controller, or at least with its connection there.
     */
    boolean hasSession(int broker, long epoch, long nowMs) {
        Contact contact = of(broker, epoch);
        if (contact == null || contact.graceEndsMs != NEVER) {
            return false;
        }
        return nowMs - contact.heardMs < (contact.isHeard ? sessionTimeoutMs : brokenConnectionGraceMs);
    }

    /**
     * The brokers whose sessions have ended, to be fenced. Asked at {@link #nextDeadlineMs}; asked much later than that, it gives everyone a session anew and names nobody.
     */
    public List<Integer> ended(ClusterImage image, long nowMs) {
        if (promisedMs != NEVER && nowMs - promisedMs > sessionTimeoutMs / 4) {
            contacts.values().forEach(contact -> {
                contact.heardMs = nowMs;
                contact.graceEndsMs = contact.graceEndsMs == NEVER ? NEVER : nowMs + brokenConnectionGraceMs;
            });
        }
        promisedMs = NEVER;
        List<Integer> ended = new ArrayList<>();
        Set<Integer> gone = new HashSet<>();
        contacts.forEach((id, contact) -> {
            RegisterBrokerRecord broker = image.broker(id);
            if (broker == null || broker.brokerEpoch() != contact.epoch) {
                gone.add(id);
            } else if (!broker.fenced() && deadlineMs(contact) <= nowMs) {
                ended.add(id);
            }
        });
        contacts.keySet().removeAll(gone);
        return ended;
    }

    /** When {@link #ended} is to be asked next; far in the future if nothing can end. Earlier is no harm. */
    public long nextDeadlineMs(ClusterImage image) {
        long next = NEVER;
        for (Map.Entry<Integer, Contact> entry : contacts.entrySet()) {
            if (image.isUnfenced(entry.getKey())) {
                next = Math.min(next, deadlineMs(entry.getValue()));
            }
        }
        promisedMs = next;
        return next;
    }

    private long deadlineMs(Contact contact) {
        return Math.min(contact.heardMs + sessionTimeoutMs, contact.graceEndsMs);
    }

    /** The broker leads nothing any more, as the metadata up to {@code offset} say; it is to wait until the others know. */
    void leadsNothing(int broker, long epoch, long offset) {
        Contact contact = of(broker, epoch);
        if (contact != null && contact.shutdownOffset < 0) {
            contact.shutdownOffset = offset;
        }
    }

    /** Whether all others that are active have read that a broker leads nothing any more. */
    boolean everyoneKnows(ClusterImage image, int broker, long epoch) {
        Contact leaving = of(broker, epoch);
        if (leaving == null || leaving.shutdownOffset < 0) {
            return false;
        }
        for (Map.Entry<Integer, Contact> entry : contacts.entrySet()) {
            boolean counts = entry.getKey() != broker && image.isActive(entry.getKey());
            if (counts && entry.getValue().metadataOffset < leaving.shutdownOffset) {
                return false;
            }
        }
        return true;
    }
}
