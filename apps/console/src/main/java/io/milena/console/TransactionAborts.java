package io.milena.console;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeTransactionsRequest;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.milena.protocol.message.InitProducerIdRequest;
import io.milena.protocol.message.InitProducerIdResponse;
import io.milena.protocol.message.WriteTxnMarkersRequest;
import io.milena.protocol.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.milena.protocol.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.milena.protocol.message.WriteTxnMarkersResponse;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.util.List;

/** Ends transactions that nobody ends: by their coordinator, as a new producer of the same id would, or in one partition where no coordinator knows of them. */
final class TransactionAborts {
    private static final long PATIENCE_MS = 10_000;
    private static final long PAUSE_MS = 20;

    private final Cluster cluster;
    private final Transactions transactions;
    private final Clock clock;

    TransactionAborts(Cluster cluster, Transactions transactions, Clock clock) {
        this.cluster = cluster;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** {@code POST /api/v1/transactions/{transactionalId}/abort}: its producer is fenced. */
    Page.Response abort(Request request) throws BadRequest, IOException {
        String id = request.part("transactionalId");
        request.body().only();
        TransactionState before = state(id);
        InitProducerIdRequest fence = InitProducerIdRequest.builder()
                .transactionalId(id)
                .transactionTimeoutMs(before.transactionTimeoutMs())
                .producerId(-1)
                .producerEpoch((short) -1)
                .build();
        Deadline deadline = Deadline.afterMs(clock, PATIENCE_MS);
        while (true) {
            InitProducerIdResponse answer =
                    cluster.ask(Cluster.Coordinator.TRANSACTION, id, fence, InitProducerIdResponse.class);
            if (answer.errorCode() != ErrorCode.CONCURRENT_TRANSACTIONS.code() || deadline.isPast()) {
                Cluster.check(answer.errorCode(), null);
                break;
            }
            pause();
        }
        TransactionState after = state(id);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeStringField("state", after.transactionState());
            json.writeEndObject();
        });
    }

    /** The markers of what is ended are being written. */
    private void pause() throws BadRequest {
        try {
            clock.sleepMs(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadRequest(503, "The broker is stopping.");
        }
    }

    private TransactionState state(String id) throws BadRequest {
        String unknown = "There is no transactional id " + id + ".";
        if (!cluster.isUsed(Cluster.Coordinator.TRANSACTION)) {
            throw new BadRequest(404, ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.name(), unknown);
        }
        TransactionState state = cluster.ask(
                        Cluster.Coordinator.TRANSACTION,
                        id,
                        new DescribeTransactionsRequest(List.of(id)),
                        DescribeTransactionsResponse.class)
                .transactionStates()
                .getFirst();
        Cluster.check(
                state.errorCode(), state.errorCode() == ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code() ? unknown : null);
        return state;
    }

    /** {@code POST /api/v1/hanging-transactions/abort}. */
    Page.Response abortHanging(Request request) throws BadRequest {
        Fields body = request.body().only("topic", "partition", "producerId");
        String topic = body.textNeeded("topic");
        int partition = (int) body.numberNeeded("partition", 0, Integer.MAX_VALUE);
        long producerId = body.numberNeeded("producerId", 0, Long.MAX_VALUE);
        Transactions.Hanging hanging = Transactions.hanging(transactions.open(), transactions.known()).stream()
                .filter(each -> each.topic().equals(topic)
                        && each.partition() == partition
                        && each.producer().producerId() == producerId)
                .findFirst()
                .orElseThrow(() -> new BadRequest(
                        404,
                        "No transaction of producer " + producerId + " hangs in partition " + partition + " of " + topic
                                + "."));
        WritableTxnMarker marker = WritableTxnMarker.builder()
                .producerId(producerId)
                .producerEpoch((short) hanging.producer().producerEpoch())
                .transactionResult(false)
                .coordinatorEpoch(Math.max(hanging.producer().coordinatorEpoch(), 0))
                .topics(List.of(new WritableTxnMarkerTopic(topic, List.of(partition))))
                .build();
        int leader = RecordReader.leader(cluster.topic(topic), partition);
        short error = cluster.ask(leader, new WriteTxnMarkersRequest(List.of(marker)), WriteTxnMarkersResponse.class)
                .markers()
                .getFirst()
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode();
        Cluster.check(error, null);
        return Page.Response.done();
    }
}
