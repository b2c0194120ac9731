package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.log.TimestampedOffset;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListOffsetsRequest;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import io.milena.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import io.milena.protocol.message.ListOffsetsResponse;
import io.milena.protocol.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.milena.protocol.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ListOffsets: the first offset at or after a timestamp, or one of the special positions that negative timestamps stand for. Nothing at or above the
 * high watermark is ever answered.
 */
public final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequest> {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;
    private static final byte READ_COMMITTED = 1;
    private static final short FIRST_VERSION_WITH_EPOCH = 4;

    /** The version from which on each special timestamp can be asked for, from -1 downwards. */
    private static final short[] FIRST_VERSIONS = {1, 1, 7, 8, 9, 11};

    /** A disk that takes longer is answered around. */
    private static final long PATIENCE_MS = 1_000;

    /** Who asks, and so up to where there is anything. */
    private enum Asker {
        CONSUMER,
        CONSUMER_OF_COMMITTED,
        FOLLOWER;

        static Asker of(ListOffsetsRequest request) {
            if (request.replicaId() >= 0) {
                return FOLLOWER;
            }
            return request.isolationLevel() == READ_COMMITTED ? CONSUMER_OF_COMMITTED : CONSUMER;
        }

        long endOf(Partition partition) {
            return switch (this) {
                case CONSUMER -> partition.highWatermark();
                case CONSUMER_OF_COMMITTED -> partition.lastStableOffset();
                case FOLLOWER -> partition.log().logEndOffset();
            };
        }
    }

    private final Partitions partitions;
    private final Clock clock;

    public ListOffsetsHandler(Partitions partitions, Clock clock) {
        this.partitions = partitions;
        this.clock = clock;
    }

    @Override
    public Answer handle(ListOffsetsRequest request, RequestContext context) {
        List<Partition> asked = appendedTo(request);
        if (asked.isEmpty()) {
            return Answer.now(respond(request, context));
        }
        asked.forEach(Partition::hurry);
        Deadline deadline = Deadline.afterMs(clock, PATIENCE_MS);
        return Answer.later(() -> {
            for (Partition partition : asked) {
                partition.awaitReplicated(partition.log().logEndOffset(), deadline);
            }
            return respond(request, context);
        });
    }

    /** Partitions with records above the high watermark: whoever has just written with acks=1 expects to find them counted. */
    private List<Partition> appendedTo(ListOffsetsRequest request) {
        List<Partition> appended = new ArrayList<>();
        for (ListOffsetsTopic topic : request.topics()) {
            for (ListOffsetsPartition asked : topic.partitions()) {
                if (partitions.find(topic.name(), asked.partitionIndex())
                                instanceof Partitions.Found(Partition partition)
                        && partition.log().logEndOffset() > partition.highWatermark()) {
                    appended.add(partition);
                }
            }
        }
        return appended;
    }

    private ListOffsetsResponse respond(ListOffsetsRequest request, RequestContext context) {
        List<ListOffsetsTopicResponse> topics = new ArrayList<>(request.topics().size());
        for (ListOffsetsTopic topic : request.topics()) {
            List<ListOffsetsPartitionResponse> responses = topic.partitions().stream()
                    .map(partition -> isKnown(partition.timestamp(), context.version())
                            ? answer(topic.name(), partition, Asker.of(request))
                            : answer(partition.partitionIndex())
                                    .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                                    .build())
                    .map(response -> context.version() >= FIRST_VERSION_WITH_EPOCH ? response : withoutEpoch(response))
                    .toList();
            topics.add(new ListOffsetsTopicResponse(topic.name(), responses));
        }
        return ListOffsetsResponse.builder().topics(topics).build();
    }

    private static boolean isKnown(long timestamp, short version) {
        return timestamp >= 0
                || (timestamp >= -FIRST_VERSIONS.length && version >= FIRST_VERSIONS[(int) -timestamp - 1]);
    }

    private static ListOffsetsPartitionResponse withoutEpoch(ListOffsetsPartitionResponse response) {
        return response.toBuilder().leaderEpoch(-1).build();
    }

    /** Nothing found. */
    private static ListOffsetsPartitionResponse.Builder answer(int index) {
        return ListOffsetsPartitionResponse.builder()
                .partitionIndex(index)
                .timestamp(-1)
                .offset(-1)
                .leaderEpoch(-1);
    }

    private ListOffsetsPartitionResponse answer(String topic, ListOffsetsPartition asked, Asker asker) {
        ListOffsetsPartitionResponse.Builder response = answer(asked.partitionIndex());
        return switch (partitions.find(topic, asked.partitionIndex())) {
            case Partitions.Missing missing ->
                response.errorCode(missing.error().code()).build();
            case Partitions.Found(Partition partition) -> {
                ErrorCode error = partition.checkLeaderEpoch(asked.currentLeaderEpoch());
                if (error == ErrorCode.NONE && asked.timestamp() == LATEST && asker != Asker.FOLLOWER) {
                    error = partition.latestOffsetError();
                }
                if (error != ErrorCode.NONE) {
                    yield response.errorCode(error.code()).build();
                }
                try {
                    find(partition, asked.timestamp(), asker.endOf(partition))
                            .ifPresent(found -> response.timestamp(found.timestampMs())
                                    .offset(found.offset())
                                    .leaderEpoch(found.leaderEpoch()));
                } catch (IOException e) {
                    response.errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code()); // the log has said why
                }
                yield response.build();
            }
        };
    }

    private static Optional<TimestampedOffset> find(Partition partition, long timestamp, long end) throws IOException {
        long start = partition.logStartOffset();
        if (timestamp == LATEST) {
            return Optional.of(new TimestampedOffset(end, -1, partition.leaderEpoch()));
        }
        if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            int epoch = partition.log().epochAt(start);
            // The next record of an empty log has the epoch of its leader
            return Optional.of(new TimestampedOffset(start, -1, epoch < 0 ? partition.leaderEpoch() : epoch));
        }
        if (timestamp == LATEST_TIERED || timestamp == EARLIEST_PENDING_UPLOAD) {
            return Optional.empty(); // nothing is tiered
        }
        Optional<TimestampedOffset> found = timestamp == MAX_TIMESTAMP
                ? partition.log().maxTimestamp()
                : partition.log().offsetForTimestamp(timestamp);
        return found.filter(position -> position.offset() < end);
    }
}
