package io.milena.console;

import io.milena.broker.api.LocalApi;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeClusterResponse.DescribeClusterBroker;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the pages ask the cluster, in the words of its protocol: the same that any admin client asks. Any thread may. */
final class Cluster {
    private static final System.Logger LOG = System.getLogger(Cluster.class.getName());
    static final byte TOPIC = 2;
    static final byte BROKER = 4;
    /** The last version of OffsetFetch and OffsetCommit that knows topics by their names. */
    static final int OFFSETS_WITH_NAMES = 9;

    private final Supplier<@Nullable LocalApi> broker;

    Cluster(Supplier<@Nullable LocalApi> broker) {
        this.broker = broker;
    }

    private LocalApi api() throws BadRequest {
        LocalApi api = broker.get();
        if (api == null) {
            throw new BadRequest(503, "The broker is starting.");
        }
        return api;
    }

    /** The broker that is asked. */
    int brokerId() throws BadRequest {
        return api().brokerId();
    }

    /** @throws BadRequest while the broker is not there, or when the wait for its answer was ended */
    <R extends ApiMessage> R ask(ApiMessage request, Class<R> response) throws BadRequest {
        try {
            return api().ask(request, response);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadRequest(503, "The broker is stopping.");
        }
    }

    /** As {@link #ask(ApiMessage, Class)}, of one broker of the cluster. */
    <R extends ApiMessage> R ask(int brokerId, ApiMessage request, Class<R> response) throws BadRequest {
        try {
            return api().ask(brokerId, request, response);
        } catch (IOException e) {
            throw new BadRequest(502, "Broker " + brokerId + " does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadRequest(503, "The broker is stopping.");
        }
    }

    /** The same in a version of the request: later ones may leave out what is to be known. */
    <R extends ApiMessage> R ask(int brokerId, ApiMessage request, int version, Class<R> response) throws BadRequest {
        try {
            return api().ask(brokerId, request, (short) version, response);
        } catch (IOException e) {
            throw new BadRequest(502, "Broker " + brokerId + " does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadRequest(503, "The broker is stopping.");
        }
    }

    /** The answers of all brokers that are there, by their ids. One that is not there has none; this broker always has one. */
    <R extends ApiMessage> Map<Integer, R> askAll(ApiMessage request, Class<R> response) throws BadRequest {
        Map<Integer, R> answers = new TreeMap<>();
        int here = brokerId();
        for (int broker : brokers()) {
            try {
                answers.put(broker, broker == here ? ask(request, response) : ask(broker, request, response));
            } catch (BadRequest e) {
                if (broker == here) {
                    throw e;
                }
                LOG.log(Level.DEBUG, "The console goes on without broker {0}: {1}", broker, e.detail());
            }
        }
        return answers;
    }

    /** Those that are there, this one first. */
    List<Integer> brokers() throws BadRequest {
        List<Integer> brokers = new ArrayList<>();
        int here = brokerId();
        brokers.add(here);
        for (DescribeClusterBroker other : describe().brokers()) {
            if (other.brokerId() != here && !other.isFenced()) {
                brokers.add(other.brokerId());
            }
        }
        return brokers;
    }

    /** Where a group or transactional id is looked after. */
    enum Coordinator {
        GROUP((byte) 0, "__consumer_offsets"),
        TRANSACTION((byte) 1, "__transaction_state");

        private final byte type;
        private final String topic;

        Coordinator(byte type, String topic) {
            this.type = type;
            this.topic = topic;
        }
    }

    /** As {@link #ask(ApiMessage, Class)}, of whoever looks after the key. Asking for what nobody has used yet makes no place for it. */
    <R extends ApiMessage> R ask(Coordinator of, String key, ApiMessage request, Class<R> response) throws BadRequest {
        return ask(coordinator(of, key), request, response);
    }

    /** Whether nobody can read or write it: it has no leader, or the leader's disk has failed. */
    static boolean isOffline(MetadataResponsePartition partition) {
        return partition.leaderId() < 0 || partition.offlineReplicas().contains(partition.leaderId());
    }

    /** Whether there is anything that is looked after. */
    boolean isUsed(Coordinator of) throws BadRequest {
        return topicIfThere(of.topic) != null;
    }

    /** The broker that looks after the key; this one where nobody does. */
    int coordinator(Coordinator of, String key) throws BadRequest {
        if (!isUsed(of)) {
            return brokerId();
        }
        FindCoordinatorResponse.Coordinator found = ask(
                        FindCoordinatorRequest.builder()
                                .keyType(of.type)
                                .coordinatorKeys(List.of(key))
                                .build(),
                        FindCoordinatorResponse.class)
                .coordinators()
                .getFirst();
        if (found.errorCode() == ErrorCode.COORDINATOR_NOT_AVAILABLE.code()) {
            return brokerId(); // which says so itself, in the answer to what is asked
        }
        check(found.errorCode(), found.errorMessage());
        return found.nodeId();
    }

    static void check(short code, @Nullable String message) throws BadRequest {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE) {
            throw new BadRequest(status(error), error.name(), message == null ? words(error) : message);
        }
    }

    private static String words(ErrorCode error) {
        String words = error.name().replace('_', ' ').toLowerCase(Locale.ROOT);
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
    }

    private static int status(ErrorCode error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, GROUP_ID_NOT_FOUND, TRANSACTIONAL_ID_NOT_FOUND -> 404;
            case INVALID_TOPIC_EXCEPTION,
                    INVALID_GROUP_ID,
                    INVALID_REQUEST,
                    INVALID_CONFIG,
                    INVALID_PARTITIONS,
                    INVALID_REPLICATION_FACTOR,
                    INVALID_REPLICA_ASSIGNMENT,
                    INVALID_TIMESTAMP,
                    INVALID_RECORD,
                    MESSAGE_TOO_LARGE,
                    RECORD_LIST_TOO_LARGE,
                    POLICY_VIOLATION,
                    INCONSISTENT_GROUP_PROTOCOL,
                    INVALID_SESSION_TIMEOUT -> 400;
            case TOPIC_ALREADY_EXISTS,
                    NON_EMPTY_GROUP,
                    GROUP_SUBSCRIBED_TO_TOPIC,
                    UNKNOWN_MEMBER_ID,
                    ILLEGAL_GENERATION,
                    CONCURRENT_TRANSACTIONS,
                    INVALID_TXN_STATE,
                    INVALID_PRODUCER_EPOCH,
                    PRODUCER_FENCED -> 409;
            case OFFSET_OUT_OF_RANGE -> 416;
            default -> error.isRetriable() ? 503 : 500;
        };
    }

    DescribeClusterResponse describe() throws BadRequest {
        DescribeClusterResponse response = ask(
                DescribeClusterRequest.builder()
                        .endpointType((byte) 1)
                        .includeFencedBrokers(true)
                        .build(),
                DescribeClusterResponse.class);
        check(response.errorCode(), response.errorMessage());
        return response;
    }

    List<MetadataResponseTopic> topics() throws BadRequest {
        return ask(MetadataRequest.builder().topics(null).build(), MetadataResponse.class)
                .topics();
    }

    /** Always there: only answers about ids that nobody knows have no names. */
    static String name(MetadataResponseTopic topic) {
        return Objects.requireNonNullElse(topic.name(), "");
    }

    /** Null if there is none of this name. */
    @Nullable
    MetadataResponseTopic topicIfThere(String name) throws BadRequest {
        MetadataResponseTopic topic = asked(name);
        return topic.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code() ? null : checked(topic);
    }

    /** @throws BadRequest if there is none of this name */
    MetadataResponseTopic topic(String name) throws BadRequest {
        return checked(asked(name));
    }

    private static MetadataResponseTopic checked(MetadataResponseTopic topic) throws BadRequest {
        check(
                topic.errorCode(),
                topic.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()
                        ? "There is no topic " + topic.name() + "."
                        : null);
        return topic;
    }

    private MetadataResponseTopic asked(String name) throws BadRequest {
        MetadataRequestTopic asked = MetadataRequestTopic.builder().name(name).build();
        return ask(
                        MetadataRequest.builder()
                                .topics(List.of(asked))
                                .allowAutoTopicCreation(false)
                                .build(),
                        MetadataResponse.class)
                .topics()
                .getFirst();
    }

    /** Of a topic, with documentation and where each value comes from. */
    List<DescribeConfigsResourceResult> settings(String topic) throws BadRequest {
        return settings(brokerId(), TOPIC, topic);
    }

    /** @param type {@link #TOPIC} or {@link #BROKER} */
    List<DescribeConfigsResourceResult> settings(int askedBroker, byte type, String name) throws BadRequest {
        DescribeConfigsResponse.DescribeConfigsResult result = ask(
                        askedBroker,
                        new DescribeConfigsRequest(List.of(new DescribeConfigsResource(type, name, null)), true, true),
                        DescribeConfigsResponse.class)
                .results()
                .getFirst();
        check(result.errorCode(), result.errorMessage());
        return result.configs();
    }

    /** Those of all brokers, by their ids. */
    Map<Integer, List<DescribeLogDirsResult>> directories() throws BadRequest {
        Map<Integer, List<DescribeLogDirsResult>> directories = new TreeMap<>();
        askAll(new DescribeLogDirsRequest(null), DescribeLogDirsResponse.class)
                .forEach((broker, answer) -> directories.put(broker, answer.results()));
        return directories;
    }

    /** Bytes of each partition of each topic: those of its largest replica, because others may still be on their way. */
    Map<String, Map<Integer, Long>> sizes() throws BadRequest {
        Map<String, Map<Integer, Long>> sizes = new HashMap<>();
        directories().values().stream()
                .flatMap(List::stream)
                .flatMap(directory -> directory.topics().stream())
                .forEach(topic -> topic.partitions().stream()
                        .filter(partition -> !partition.isFutureKey())
                        .forEach(partition -> sizes.computeIfAbsent(topic.name(), name -> new HashMap<>())
                                .merge(partition.partitionIndex(), partition.partitionSize(), Math::max)));
        return sizes;
    }

    /** Those of all coordinators. */
    List<ListedGroup> groups() throws BadRequest {
        List<ListedGroup> groups = new ArrayList<>();
        for (ListGroupsResponse response : askAll(ListGroupsRequest.builder().build(), ListGroupsResponse.class)
                .values()) {
            check(response.errorCode(), null);
            groups.addAll(response.groups());
        }
        return groups;
    }

    OffsetFetchResponseGroup offsets(String groupId) throws BadRequest {
        OffsetFetchRequestGroup asked =
                OffsetFetchRequestGroup.builder().groupId(groupId).topics(null).build();
        OffsetFetchResponseGroup group = ask(
                        coordinator(Coordinator.GROUP, groupId),
                        OffsetFetchRequest.builder().groups(List.of(asked)).build(),
                        OFFSETS_WITH_NAMES,
                        OffsetFetchResponse.class)
                .groups()
                .getFirst();
        check(group.errorCode(), null);
        return group;
    }
}
