package io.milena.broker.replicas;

import io.milena.broker.partitions.CopyThrottle;
import io.milena.broker.partitions.Replica;
import io.milena.broker.peers.Peer;
import io.milena.broker.peers.Peers;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.FetchResponse.FetchableTopicResponse;
import io.milena.protocol.message.FetchResponse.PartitionData;
import io.milena.replication.Command;
import io.milena.replication.EpochEnd;
import io.milena.replication.FetchAnswer;
import io.milena.replication.FetchPosition;
import io.milena.replication.Follower;
import io.milena.replication.FollowerPhase;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Fetches from one leader all that this broker follows there: one thread, one connection, one request at a time. A replica is part of a request when all that it has appended is forced; as that is one
 * round of the disk for all of them, the next request waits a moment for those that are not. A request without some of them is answered at once: it must not rest at the leader when their turn comes,
 * since producers may wait for what they report before they send anything else.
 */
final class LeaderFetcher implements Runnable {
    private static final System.Logger LOG = System.getLogger(LeaderFetcher.class.getName());
    private static final long FORCE_PATIENCE_MS = 20;
    /** How soon those that are held back are looked at again when there is nothing else to do. */
    private static final long HELD_BACK_MS = 100;

    private static final ByteBuffer NO_BATCHES = ByteBuffer.allocate(0);

    private final int leader;
    private final Peers peers;
    private final FetchQuestions questions;
    private final CopyThrottle throttle;
    private final Clock clock;
    /** Those that follow this leader, or did when they were last looked at. */
    private final Map<String, Replica> replicas = new ConcurrentHashMap<>();

    private final Queue<Replica> unsure = new ConcurrentLinkedQueue<>();
    private final Signal changed = new Signal();
    private volatile boolean isWanted;
    private volatile boolean isStopping;
    private boolean isHoldingBack;
    /** Whether replicas were left out of the last positions because they are being forced. */
    private boolean isForcing;

    private @Nullable Peer peer;
    private final LeaderSession<Replica> session = new LeaderSession<>();

    LeaderFetcher(int leader, Peers peers, FetchQuestions questions, CopyThrottle throttle, Clock clock) {
        this.leader = leader;
        this.peers = peers;
        this.questions = questions;
        this.throttle = throttle;
        this.clock = clock;
    }

    /** The replica may have something to fetch. */
    void wake(Replica replica) {
        replicas.put(replica.name(), replica);
        isWanted = true;
        changed.raise();
    }

    /** The replica must know where the leader's log begins and ends. */
    void askOffsets(Replica replica) {
        unsure.add(replica);
        isWanted = true;
        changed.raise();
    }

    void stop() {
        isStopping = true;
        changed.raise();
    }

    @Override
    public void run() {
        try {
            while (!isStopping) {
                isWanted = false;
                Map<Replica, FetchPosition> positions = positions();
                if (positions.isEmpty() && unsure.isEmpty()) {
                    changed.await(
                            () -> isWanted || isStopping,
                            isHoldingBack ? Deadline.afterMs(clock, HELD_BACK_MS) : Deadline.never());
                } else {
                    ask(positions);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    private Map<Replica, FetchPosition> positions() throws InterruptedException {
        Deadline patience = Deadline.afterMs(clock, FORCE_PATIENCE_MS);
        while (true) {
            isWanted = false;
            replicas.values().removeIf(replica -> !follows(replica));
            Map<Replica, FetchPosition> ready = new LinkedHashMap<>();
            isForcing = false;
            isHoldingBack = false;
            for (Replica replica : replicas.values()) {
                FetchPosition position = replica.nextFetch();
                if (isHeldBack(replica)) {
                    isHoldingBack = true;
                } else if (position != null && position.leader() == leader) {
                    ready.put(replica, position);
                } else {
                    isForcing |= isFetching(replica);
                }
            }
            if (!isForcing || patience.isPast() || isStopping) {
                return ready;
            }
            changed.await(() -> isWanted || isStopping, patience);
        }
    }

    private boolean isHeldBack(Replica replica) {
        return !isInSync(replica) && throttle.available(replica) <= 0;
    }

    private static boolean isInSync(Replica replica) {
        return replica.state() instanceof Follower follower
                && follower.assignment().isr().contains(follower.localId());
    }

    private boolean follows(Replica replica) {
        return !replica.isEnded()
                && replica.state() instanceof Follower follower
                && follower.assignment().leader() == leader;
    }

    private static boolean isFetching(Replica replica) {
        return replica.state() instanceof Follower follower && follower.phase() instanceof FollowerPhase.Fetching;
    }

    private void ask(Map<Replica, FetchPosition> positions) {
        try {
            Peer connected = peer == null ? peers.connect(leader) : peer;
            peer = connected;
            for (Replica replica = unsure.poll(); replica != null; replica = unsure.poll()) {
                replica.handle(questions.offsets(connected, replica));
            }
            if (!positions.isEmpty()) {
                LeaderSession.Changes<Replica> changes = session.next(positions);
                answer(positions, changes.isFull(), questions.fetch(connected, changes, !isForcing));
            }
        } catch (IOException e) {
            LOG.log(isStopping ? Level.DEBUG : Level.INFO, "Fetching from broker {0}: {1}", leader, e.getMessage());
            disconnect();
            for (Replica replica = unsure.poll(); replica != null; replica = unsure.poll()) {
                replica.handle(new Command.OffsetsRefused(replica.state().leaderEpoch(), ErrorCode.NETWORK_EXCEPTION));
            }
            positions.forEach((replica, position) -> refuse(replica, position, ErrorCode.NETWORK_EXCEPTION));
        }
    }

    private static void refuse(Replica replica, FetchPosition position, ErrorCode error) {
        replica.handle(new Command.FetchAnswered(position, new FetchAnswer.Refused(error)));
    }

    private void answer(Map<Replica, FetchPosition> positions, boolean isFull, FetchResponse response) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        switch (error) {
            case NONE -> session.answered(response.sessionId(), positions);
            case FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR -> {
                session.end(); // the next request names everything
                return;
            }
            default -> session.end();
        }
        Map<String, PartitionData> answers = new LinkedHashMap<>();
        for (FetchableTopicResponse topic : response.responses()) {
            for (PartitionData data : topic.partitions()) {
                answers.put(topic.topicId() + "-" + data.partitionIndex(), data);
            }
        }
        positions.forEach((replica, position) -> {
            PartitionData data =
                    answers.get(replica.log().topicId() + "-" + replica.log().partition());
            if (error != ErrorCode.NONE) {
                refuse(replica, position, error);
            } else if (data != null) {
                if (!isInSync(replica) && data.records() != null) {
                    throttle.copied(replica, data.records().sizeInBytes());
                }
                answer(replica, position, data);
            } else if (isFull) {
                refuse(replica, position, ErrorCode.UNKNOWN_SERVER_ERROR);
            } // or else there is nothing new
        });
    }

    private static void answer(Replica replica, FetchPosition position, PartitionData data) {
        ByteBuffer batches = data.records() instanceof Payload.InMemory(ByteBuffer bytes) ? bytes : NO_BATCHES;
        FetchAnswer answer;
        if (data.errorCode() != ErrorCode.NONE.code()) {
            answer = new FetchAnswer.Refused(ErrorCode.of(data.errorCode()));
        } else if (data.divergingEpoch().epoch() >= 0) {
            answer = new FetchAnswer.Diverging(new EpochEnd(
                    data.divergingEpoch().epoch(), data.divergingEpoch().endOffset()));
        } else if (batches.hasRemaining()) {
            answer = new FetchAnswer.Batches(data.highWatermark(), data.logStartOffset());
        } else {
            answer = new FetchAnswer.Nothing(data.highWatermark(), data.logStartOffset());
        }
        replica.handle(new Command.FetchAnswered(position, answer), batches);
    }

    private void disconnect() {
        if (peer != null) {
            peer.close();
            peer = null;
        }
        session.end();
    }
}
