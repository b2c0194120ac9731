package io.milena.benchmarks;

import io.milena.broker.peers.Peer;
import io.milena.broker.peers.Peers;
import io.milena.network.SocketNetwork;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Payload;
import io.milena.protocol.message.ProduceRequest;
import io.milena.protocol.message.ProduceResponse;
import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Many services at once, each of which waits for an acknowledgement before it sends the next record, over a connection of its own. They speak the protocol and do nothing else: so many of Apache's producers would take
 * the processors from the broker.
 */
final class Crowd implements WaitingProducers {
    private static final int RECORD_BYTES = 1024;
    private static final short PRODUCE_VERSION = 12;

    private final Acknowledged acknowledged = new Acknowledged();
    private final List<Peer> connections = new ArrayList<>();
    private final Senders senders = new Senders();

    /** They begin at once, each with a partition of its own as far as there are so many, and go on to the next one after each record. */
    Crowd(int count, String address, String topic, int partitions) throws IOException {
        InetSocketAddress broker = address(address);
        Peers peers = new Peers(new SocketNetwork(), Clock.system(), id -> broker, "crowd");
        List<ProduceRequest> requests = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            requests.add(request(topic, partition));
        }
        for (int i = 0; i < count; i++) {
            Peer connection = peers.connect(i);
            connections.add(connection);
            int first = i;
            senders.start(Thread.ofVirtual(), () -> send(connection, requests, first));
        }
    }

    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static ProduceRequest request(String topic, int partition) {
        ByteBuffer batch = new RecordBatchBuilder()
                .append(System.currentTimeMillis(), null, ByteBuffer.allocate(RECORD_BYTES))
                .build()
                .buffer();
        return ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMs(30_000)
                .topicData(List.of(ProduceRequest.TopicProduceData.builder()
                        .name(topic)
                        .partitionData(List.of(ProduceRequest.PartitionProduceData.builder()
                                .index(partition)
                                .records(new Payload.InMemory(batch))
                                .build()))
                        .build()))
                .build();
    }

    private void send(Peer connection, List<ProduceRequest> requests, int first) {
        try {
            for (int i = first; senders.goOn(); i++) {
                ProduceResponse answer =
                        connection.ask(requests.get(i % requests.size()), PRODUCE_VERSION, ProduceResponse.class);
                ErrorCode error = ErrorCode.of(answer.responses()
                        .getFirst()
                        .partitionResponses()
                        .getFirst()
                        .errorCode());
                if (error != ErrorCode.NONE) {
                    throw new IOException("a record was refused: " + error);
                }
                acknowledged.increment();
            }
        } catch (IOException e) {
            acknowledged.fail(e);
        }
    }

    @Override
    public double recordsPerSecond(int seconds) throws InterruptedException {
        return acknowledged.perSecond(seconds);
    }

    @Override
    public void close() {
        senders.stop();
        connections.forEach(Peer::close);
    }
}
