package io.milena.console;

import com.fasterxml.jackson.core.JsonGenerator;
import io.milena.protocol.message.DescribeTransactionsResponse.TopicData;
import io.milena.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.util.List;

/** {@code /api/v1/transactions}: the transactional ids that the coordinators know, each with its state and the partitions of what is open, and what hangs in partitions. */
final class TransactionsPage implements Page {
    private final Transactions transactions;
    private final Clock clock;

    TransactionsPage(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public Response answer(Request request) throws BadRequest, IOException {
        List<Transactions.Hanging> open = transactions.open();
        List<TransactionState> known = transactions.known();
        List<Transactions.Hanging> hanging = Transactions.hanging(open, known);
        return Json.answer(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("transactions");
            for (TransactionState state : known) {
                write(state, json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("hanging");
            for (Transactions.Hanging each : hanging) {
                write(each, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(TransactionState state, JsonGenerator json) throws IOException {
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

    private void write(Transactions.Hanging hanging, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", hanging.topic());
        json.writeNumberField("partition", hanging.partition());
        json.writeNumberField("producerId", hanging.producer().producerId());
        json.writeNumberField("producerEpoch", hanging.producer().producerEpoch());
        json.writeNumberField("startOffset", hanging.producer().currentTxnStartOffset());
        json.writeNumberField("lastTimestampMs", hanging.producer().lastTimestamp());
        json.writeNumberField(
                "ageMs", Math.max(0, clock.millis() - hanging.producer().lastTimestamp()));
        json.writeEndObject();
    }
}
