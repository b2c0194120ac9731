package io.milena.broker.transactions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.message.WriteTxnMarkersRequest;
import io.milena.protocol.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.milena.protocol.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.milena.protocol.message.WriteTxnMarkersResponse;
import io.milena.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.milena.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.milena.protocol.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import io.milena.transactions.Outcome;
import io.milena.transactions.Producer;
import io.milena.transactions.TopicPartition;
import io.milena.transactions.TransactionVersion;
import java.util.ArrayList;
import java.util.List;

/** WriteTxnMarkers: ends transactions in partitions of this broker, as another coordinator asks, or an administrator who aborts what hangs (KIP-664). Answered when the markers are durable. Since v2 a marker says which rules its transaction has followed. */
public final class WriteTxnMarkersHandler implements ApiHandler<WriteTxnMarkersRequest> {
    private final MarkerWriter writer;

    public WriteTxnMarkersHandler(MarkerWriter writer) {
        this.writer = writer;
    }

    private record PartitionMarker(int index, MarkerWriter.Written written) {}

    private record TopicMarkers(String topic, List<PartitionMarker> partitions) {
        WritableTxnMarkerTopicResult await() throws InterruptedException {
            List<WritableTxnMarkerPartitionResult> results = new ArrayList<>();
            for (PartitionMarker each : partitions) {
                results.add(new WritableTxnMarkerPartitionResult(
                        each.index, each.written.await().code()));
            }
            return new WritableTxnMarkerTopicResult(topic, results);
        }
    }

    private record ProducerMarkers(long producerId, List<TopicMarkers> topics) {
        WritableTxnMarkerResult await() throws InterruptedException {
            List<WritableTxnMarkerTopicResult> results = new ArrayList<>();
            for (TopicMarkers topic : topics) {
                results.add(topic.await());
            }
            return new WritableTxnMarkerResult(producerId, results);
        }
    }

    @Override
    public Answer handle(WriteTxnMarkersRequest request, RequestContext context) {
        List<ProducerMarkers> all = request.markers().stream()
                .map(marker -> new ProducerMarkers(
                        marker.producerId(),
                        marker.topics().stream()
                                .map(topic -> write(marker, topic))
                                .toList()))
                .toList();
        return Answer.later(() -> {
            List<WritableTxnMarkerResult> results = new ArrayList<>();
            for (ProducerMarkers each : all) {
                results.add(each.await());
            }
            return new WriteTxnMarkersResponse(results);
        });
    }

    private TopicMarkers write(WritableTxnMarker marker, WritableTxnMarkerTopic topic) {
        Marker end = new Marker(
                new Producer(marker.producerId(), marker.producerEpoch()),
                TransactionVersion.of(marker.transactionVersion()),
                marker.coordinatorEpoch(),
                marker.transactionResult() ? Outcome.COMMIT : Outcome.ABORT);
        return new TopicMarkers(
                topic.name(),
                topic.partitionIndexes().stream()
                        .map(index ->
                                new PartitionMarker(index, writer.write(new TopicPartition(topic.name(), index), end)))
                        .toList());
    }
}
