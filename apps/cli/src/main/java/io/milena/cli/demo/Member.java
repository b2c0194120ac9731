package io.milena.cli.demo;

import io.milena.cli.CommandFailure;
import io.milena.cli.client.ClusterAddress;
import io.milena.cli.client.ClusterClient;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchRequest.FetchPartition;
import io.milena.protocol.message.FetchRequest.FetchTopic;
import io.milena.protocol.message.FetchResponse;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import io.milena.records.Record;
import io.milena.records.RecordBatch;
import io.milena.records.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A member of the group that processes orders: reads its partitions from where the group has committed, and commits after each order. One thread, which ends with {@link #crash()}. */
final class Member {
    /** The last version in which topics go by name. */
    private static final int FETCH_VERSION_MAX = 12;

    private static final int FETCH_WAIT_MS = 50;
    private static final int FETCH_BYTES = 1 << 20;
    private static final long AGAIN_MS = 50;

    private final String name;
    private final String bootstrapServers;
    private final String group;
    private final Membership membership;
    private final Journal journal;
    private final Thread thread;
    private volatile boolean isGone;

    Member(String name, String bootstrapServers, String group, int sessionMs, Journal journal) {
        this.name = name;
        this.bootstrapServers = bootstrapServers;
        this.group = group;
        this.membership = new Membership(name, group, sessionMs);
        this.journal = journal;
        this.thread = Thread.ofPlatform().daemon().name("member-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Ends from one moment to the next: it leaves nobody a word, and the group waits for its heartbeats. */
    void crash() throws InterruptedException {
        isGone = true;
        thread.interrupt();
        thread.join();
    }

    private void run() {
        while (!isGone) {
            try (ClusterClient client = ClusterClient.connect(ClusterAddress.parse(bootstrapServers))) {
                while (!isGone) {
                    List<Integer> partitions = membership.join(client);
                    journal.assigned(name, partitions);
                    process(client, partitions);
                }
            } catch (IOException | CommandFailure _) {
                // a broker is gone, or has not heard yet that another one is: with another connection, then
                pause();
            }
        }
        journal.gone(name);
    }

    private void pause() {
        try {
            Thread.sleep(AGAIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the group is divided anew. */
    private void process(ClusterClient client, List<Integer> partitions) throws IOException {
        Map<Integer, Long> positions = new HashMap<>();
        Map<Integer, Long> committed = Orders.committed(client, group);
        partitions.forEach(partition -> positions.put(partition, committed.getOrDefault(partition, 0L)));
        while (!isGone && membership.beat(client)) {
            for (int partition : partitions) {
                if (!process(client, partition, positions)) {
                    return;
                }
            }
        }
    }

    private boolean process(ClusterClient client, int partition, Map<Integer, Long> positions) throws IOException {
        long position = Objects.requireNonNull(positions.get(partition));
        ByteBuffer batches = fetch(client, partition, position);
        if (batches == null) {
            return true;
        }
        for (RecordBatch batch : RecordBatches.of(batches)) {
            for (Record record : batch.records()) {
                if (record.offset() < position || isGone) {
                    continue;
                }
                journal.processed(
                        name, new Order(text(record.value()), text(record.key()), partition, record.offset()));
                position = record.offset() + 1;
                positions.put(partition, position);
                if (!membership.commit(client, partition, position)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static @Nullable ByteBuffer fetch(ClusterClient client, int partition, long position) throws IOException {
        FetchRequest request = FetchRequest.builder()
                .maxWaitMs(FETCH_WAIT_MS)
                .minBytes(1)
                .maxBytes(FETCH_BYTES)
                .sessionEpoch(-1)
                .topics(List.of(FetchTopic.builder()
                        .topic(Orders.TOPIC)
                        .partitions(List.of(FetchPartition.builder()
                                .partition(partition)
                                .fetchOffset(position)
                                .partitionMaxBytes(FETCH_BYTES)
                                .build()))
                        .build()))
                .build();
        MetadataResponseTopic topic = client.topic(Orders.TOPIC);
        FetchResponse response =
                client.sendToLeader(topic.partitions().get(partition), request, FETCH_VERSION_MAX, FetchResponse.class);
        ClusterClient.check(response.errorCode(), Orders.TOPIC);
        var data = response.responses().getFirst().partitions().getFirst();
        ErrorCode error = ErrorCode.of(data.errorCode());
        ClusterClient.check(error.code(), Orders.TOPIC + "-" + partition);
        return data.records() instanceof Payload.InMemory(ByteBuffer bytes) && bytes.hasRemaining() ? bytes : null;
    }

    private static String text(@Nullable ByteBuffer field) {
        return field == null
                ? ""
                : StandardCharsets.UTF_8.decode(field.duplicate()).toString();
    }
}
