package io.milena.console;

import io.milena.protocol.message.DescribeTransactionsRequest;
import io.milena.protocol.message.DescribeTransactionsResponse;
import io.milena.protocol.message.DescribeTransactionsResponse.TopicData;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import java.io.IOException;
import java.util.List;

/** {@code /api/v1/transactions}: the transactional ids that the coordinators know, each with its state and the partitions of what is open. */
final class TransactionsPage implements Page {
    private final Cluster cluster;

    TransactionsPage(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        ListTransactionsResponse listed =
                cluster.ask(ListTransactionsRequest.builder().build(), ListTransactionsResponse.class);
        Cluster.check(listed.errorCode(), null);
        List<String> ids = listed.transactionStates().stream()
                .map(ListTransactionsResponse.TransactionState::transactionalId)
                .toList();
        List<TransactionState> states = cluster.ask(
                        new DescribeTransactionsRequest(ids), DescribeTransactionsResponse.class)
                .transactionStates();
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("transactions");
            for (TransactionState state : states) {
                if (state.errorCode() != 0) {
                    continue; // gone since it was listed
                }
                json.writeStartObject();
                json.writeStringField("transactionalId", state.transactionalId());
                json.writeStringField("state", state.transactionState());
                json.writeNumberField("producerId", state.producerId());
                json.writeNumberField("producerEpoch", state.producerEpoch());
                json.writeNumberField("timeoutMs", state.transactionTimeoutMs());
                if (state.transactionStartTimeMs() >= 0) {
                    json.writeNumberField("startTimeMs", state.transactionStartTimeMs());
                }
                json.writeArrayFieldStart("partitions");
                for (TopicData topic : state.topics()) {
                    for (int partition : topic.partitions()) {
                        json.writeStartObject();
                        json.writeStringField("topic", topic.topic());
                        json.writeNumberField("partition", partition);
                        json.writeEndObject();
                    }
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
