package io.milena.console;

import io.milena.broker.api.LocalApi;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeClusterRequest;
import io.milena.protocol.message.DescribeClusterResponse;
import io.milena.protocol.message.DescribeConfigsRequest;
import io.milena.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.milena.protocol.message.DescribeConfigsResponse;
import io.milena.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.milena.protocol.message.DescribeGroupsRequest;
import io.milena.protocol.message.DescribeGroupsResponse;
import io.milena.protocol.message.DescribeGroupsResponse.DescribedGroup;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.milena.protocol.message.ListGroupsRequest;
import io.milena.protocol.message.ListGroupsResponse;
import io.milena.protocol.message.ListGroupsResponse.ListedGroup;
import io.milena.protocol.message.MetadataRequest;
import io.milena.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.milena.protocol.message.MetadataResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.protocol.message.OffsetFetchRequest;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.OffsetFetchResponse;
import io.milena.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the pages ask the cluster, in the words of its protocol: the same that any admin client asks. Any thread may. */
final class Cluster {
    private static final byte TOPIC = 2;

    private final Supplier<@Nullable LocalApi> broker;

    Cluster(Supplier<@Nullable LocalApi> broker) {
        this.broker = broker;
    }

    /** @throws BadRequest while the broker is not there, or when the wait for its answer was ended */
    <R extends ApiMessage> R ask(ApiMessage request, Class<R> response) throws BadRequest {
        LocalApi api = broker.get();
        if (api == null) {
            throw new BadRequest(503, "The broker is starting.");
        }
        try {
            return api.ask(request, response);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadRequest(503, "The broker is stopping.");
        }
    }

    static void check(short code, @Nullable String message) throws BadRequest {
        ErrorCode error = ErrorCode.of(code);
        if (error != ErrorCode.NONE) {
            throw new BadRequest(status(error), message == null ? error.name() : error.name() + ": " + message);
        }
    }

    private static int status(ErrorCode error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, GROUP_ID_NOT_FOUND, TRANSACTIONAL_ID_NOT_FOUND -> 404;
            case INVALID_TOPIC_EXCEPTION, INVALID_GROUP_ID, INVALID_REQUEST -> 400;
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

    /** @throws BadRequest if there is none of this name */
    MetadataResponseTopic topic(String name) throws BadRequest {
        MetadataRequestTopic asked = MetadataRequestTopic.builder().name(name).build();
        MetadataResponseTopic topic = ask(
                        MetadataRequest.builder()
                                .topics(List.of(asked))
                                .allowAutoTopicCreation(false)
                                .build(),
                        MetadataResponse.class)
                .topics()
                .getFirst();
        check(topic.errorCode(), null);
        return topic;
    }

    /** With documentation and where each value comes from. */
    List<DescribeConfigsResourceResult> settings(String topic) throws BadRequest {
        DescribeConfigsResponse.DescribeConfigsResult result = ask(
                        new DescribeConfigsRequest(
                                List.of(new DescribeConfigsResource(TOPIC, topic, null)), true, true),
                        DescribeConfigsResponse.class)
                .results()
                .getFirst();
        check(result.errorCode(), result.errorMessage());
        return result.configs();
    }

    List<DescribeLogDirsResult> directories() throws BadRequest {
        return ask(new DescribeLogDirsRequest(null), DescribeLogDirsResponse.class)
                .results();
    }

    /** Bytes of each partition of each topic, those of all its replicas that are known. */
    Map<String, Map<Integer, Long>> sizes() throws BadRequest {
        Map<String, Map<Integer, Long>> sizes = new HashMap<>();
        for (DescribeLogDirsResult directory : directories()) {
            directory
                    .topics()
                    .forEach(topic -> topic.partitions().stream()
                            .filter(partition -> !partition.isFutureKey())
                            .forEach(partition -> sizes.computeIfAbsent(topic.name(), name -> new HashMap<>())
                                    .merge(partition.partitionIndex(), partition.partitionSize(), Long::sum)));
        }
        return sizes;
    }

    List<ListedGroup> groups() throws BadRequest {
        ListGroupsResponse response = ask(ListGroupsRequest.builder().build(), ListGroupsResponse.class);
        check(response.errorCode(), null);
        return response.groups();
    }

    DescribedGroup group(String groupId) throws BadRequest {
        DescribedGroup group = ask(
                        DescribeGroupsRequest.builder().groups(List.of(groupId)).build(), DescribeGroupsResponse.class)
                .groups()
                .getFirst();
        check(group.errorCode(), group.errorMessage());
        return group;
    }

    OffsetFetchResponseGroup offsets(String groupId) throws BadRequest {
        OffsetFetchRequestGroup asked =
                OffsetFetchRequestGroup.builder().groupId(groupId).topics(null).build();
        OffsetFetchResponseGroup group = ask(
                        OffsetFetchRequest.builder().groups(List.of(asked)).build(), OffsetFetchResponse.class)
                .groups()
                .getFirst();
        check(group.errorCode(), null);
        return group;
    }
}
