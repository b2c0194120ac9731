package io.milena.broker.topics;

import io.milena.broker.api.OtherBrokers;
import io.milena.broker.cluster.ClusterMetadata;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.DescribeTrashRequest;
import io.milena.protocol.message.DescribeTrashResponse;
import io.milena.protocol.message.DescribeTrashResponse.TrashTopic;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What all brokers that are there have of deleted topics: each is asked whenever somebody wants to know. One that does not answer has nothing for now. Safe for use by many threads.
 */
final class ClusterTrash {
    private static final System.Logger LOG = System.getLogger(ClusterTrash.class.getName());

    private final ClusterMetadata metadata;
    private final DescribeTrashHandler here;
    private final OtherBrokers others;

    ClusterTrash(ClusterMetadata metadata, DescribeTrashHandler here, OtherBrokers others) {
        this.metadata = metadata;
        this.here = here;
        this.others = others;
    }

    /** The longest deleted first. */
    List<TrashedParts> topics() throws IOException {
        Map<UUID, Map<Integer, TrashTopic>> parts = new TreeMap<>();
        ask(wish(Uuids.ZERO, DescribeTrashHandler.TELL, -1), brokers().keySet())
                .forEach((broker, told) -> told.topics()
                        .forEach(topic -> parts.computeIfAbsent(topic.topicId(), id -> new TreeMap<>())
                                .put(broker, topic)));
        return parts.values().stream()
                .map(TrashedParts::of)
                .sorted(Comparator.comparingLong(topic -> topic.known().deletedAtMs()))
                .toList();
    }

    /** Whether there never were others that could have something. */
    boolean isAlone() {
        return metadata.image().brokers().size() <= 1;
    }

    /** Whether a broker can lead something. */
    boolean isActive(int broker) {
        return broker == metadata.localId() || metadata.image().isActive(broker);
    }

    /** The other brokers that are there, with the epochs of their registrations. */
    Map<Integer, Long> brokers() {
        Map<Integer, Long> brokers = new TreeMap<>();
        for (RegisterBrokerRecord broker : metadata.image().brokers()) {
            if (!broker.fenced() && broker.brokerId() != metadata.localId()) {
                brokers.put(broker.brokerId(), broker.brokerEpoch());
            }
        }
        return brokers;
    }

    /** Has all that is there of a topic kept until something is heard of it; answers what will be. */
    Map<Integer, TrashTopic> keep(UUID topicId, int epoch, Collection<Integer> brokers) throws IOException {
        Map<Integer, TrashTopic> kept = new TreeMap<>();
        ask(wish(topicId, DescribeTrashHandler.KEEP, epoch), brokers)
                .forEach((broker, told) -> told.topics().forEach(topic -> kept.put(broker, topic)));
        return kept;
    }

    /** What was to be kept is not restored. */
    void keepNoLonger(UUID topicId, int epoch, Collection<Integer> brokers) throws IOException {
        ask(wish(topicId, DescribeTrashHandler.KEEP_NO_LONGER, epoch), brokers);
    }

    private DescribeTrashRequest wish(UUID topicId, byte wish, int epoch) {
        return new DescribeTrashRequest(topicId, wish, epoch, metadata.offset());
    }

    /** By broker, this one included. */
    private Map<Integer, DescribeTrashResponse> ask(DescribeTrashRequest request, Collection<Integer> brokers)
            throws IOException {
        Map<Integer, DescribeTrashResponse> answers = new TreeMap<>();
        DescribeTrashResponse own = here.answer(request);
        if (own.errorCode() != ErrorCode.NONE.code()) {
            throw new IOException(own.errorMessage());
        }
        answers.put(metadata.localId(), own);
        for (int broker : brokers) {
            try {
                answers.put(broker, others.ask(broker, request, 0, DescribeTrashResponse.class));
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "Broker {0} does not say what its trash has: {1}", broker, e.getMessage());
            }
        }
        return answers;
    }
}
