package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.embedded.Milena;
import io.milena.embedded.MilenaCluster;
import io.milena.embedded.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ends of transactional ids, in a cluster whose coordinators are killed meanwhile: epochs that run out, and ids that nobody uses. */
@Timeout(300)
class TransactionalIdsTest {
    private static final String ID = "id";
    private static final String TOPIC = "out";
    /** The last epoch that a producer may have; the one above is for fencing it. */
    private static final int EPOCH_MAX = Short.MAX_VALUE - 1;

    private static final short INIT_VERSION = 5;
    private static final int AT_ONCE = 100;

    @TempDir
    Path folder = Path.of("");

    private static Admin admin(String servers) throws Exception {
        Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 3))).all().get();
        return admin;
    }

    private static KafkaProducer<String, String> producer(String servers, String id) {
        KafkaProducer<String, String> producer = BrokerUnderTest.producer(
                Map.of("bootstrap.servers", servers, "transactional.id", id, "transaction.timeout.ms", 600_000));
        producer.initTransactions();
        return producer;
    }

    private static void send(KafkaProducer<String, String> producer, String value) {
        var _ = producer.send(new ProducerRecord<>(TOPIC, 0, null, value));
    }

    private static void commit(KafkaProducer<String, String> producer, String value) {
        producer.beginTransaction();
        send(producer, value);
        producer.flush(); // or the end may overtake the record, see EarlyEndTest
        producer.commitTransaction();
    }

    private static Node coordinator(Admin admin, String id) throws Exception {
        List<TopicPartitionInfo> partitions = TopicView.partitions(admin, "__transaction_state");
        return partitions
                .get((id.hashCode() & Integer.MAX_VALUE) % partitions.size())
                .leader();
    }

    private static TransactionDescription describe(Admin admin, String id) throws Exception {
        return admin.describeTransactions(List.of(id)).description(id).get();
    }

    /** What readers of committed data see, up to a value. */
    private static List<String> seen(String servers, String last) {
        try (KafkaConsumer<String, String> reader =
                BrokerUnderTest.consumer(Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"))) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            BrokerUnderTest.await("what is committed up to " + last + ": " + values, () -> {
                reader.poll(Duration.ofMillis(100)).forEach(each -> values.add(each.value()));
                return values.contains(last);
            });
            return values;
        }
    }

    @Test
    void aProducerWhoseEpochsAreUsedUpGetsAnotherNumberAndGoesOn() throws Exception {
        try (ThreeBrokers brokers = ThreeBrokers.start(folder);
                Admin admin = admin(brokers.bootstrapServers());
                KafkaProducer<String, String> zombie = producer(brokers.bootstrapServers(), ID)) {
            commit(zombie, "first");
            long producerId = describe(admin, ID).producerId();
            introduceUntil(EPOCH_MAX - 3, coordinator(admin, ID));
            try (KafkaProducer<String, String> producer = producer(brokers.bootstrapServers(), ID)) {
                assertEquals(EPOCH_MAX - 2, describe(admin, ID).producerEpoch());
                for (int i = 0; i < 6; i++) {
                    producer.beginTransaction();
                    send(producer, (i % 2 == 0 ? "committed " : "aborted ") + i);
                    if (i == 2) { // it is in its last epoch, and the next coordinator gives it a new number
                        brokers.kill(coordinator(admin, ID).id());
                    }
                    producer.flush(); // or the end may overtake the record
                    if (i % 2 == 0) {
                        producer.commitTransaction();
                    } else {
                        producer.abortTransaction();
                    }
                }
                commit(producer, "last");
            }
            TransactionDescription after = describe(admin, ID);
            assertNotEquals(producerId, after.producerId());
            assertTrue(after.producerEpoch() <= 5, after.toString());
            assertThrows(KafkaException.class, () -> commit(zombie, "of the zombie"));
            assertEquals(
                    List.of("first", "committed 0", "committed 2", "committed 4", "last"),
                    seen(brokers.bootstrapServers(), "last"));
        }
    }

    /** As so many producers would, one after the other. */
    private static void introduceUntil(int epoch, Node coordinator) {
        InitProducerIdRequestData request = new InitProducerIdRequestData()
                .setTransactionalId(ID)
                .setTransactionTimeoutMs(60_000)
                .setProducerId(-1)
                .setProducerEpoch((short) -1);
        try (Wire wire = new Wire(coordinator.host() + ":" + coordinator.port())) {
            int reached = 0;
            while (reached < epoch) {
                int times = Math.clamp(epoch - reached, 1, AT_ONCE);
                InitProducerIdResponseData answer =
                        wire.ask(request, INIT_VERSION, InitProducerIdResponseData::new, times);
                reached = Math.max(reached, answer.producerEpoch());
            }
            assertEquals(epoch, reached);
        }
    }

    @Test
    void anIdThatNobodyUsesIsForgottenAndOneWithAnOpenTransactionIsNot() throws Exception {
        VirtualTime time = VirtualTime.running();
        try (MilenaCluster cluster = Milena.configure()
                        .time(time)
                        .set("transactional.id.expiration.ms", "120000")
                        .set("transaction.remove.expired.transaction.cleanup.interval.ms", "1000")
                        .cluster(3);
                Admin admin = admin(cluster.bootstrapServers());
                KafkaProducer<String, String> open = producer(cluster.bootstrapServers(), "open");
                KafkaProducer<String, String> forgotten = producer(cluster.bootstrapServers(), ID)) {
            open.beginTransaction();
            send(open, "open");
            open.flush();
            commit(forgotten, "before");

            time.advance(Duration.ofMinutes(3));
            BrokerUnderTest.await("the id to be forgotten", () -> isForgotten(admin));

            assertEquals(TransactionState.ONGOING, describe(admin, "open").state());
            assertThrows(KafkaException.class, () -> commit(forgotten, "of the forgotten"));
            cluster.kill(coordinator(admin, ID).id());
            BrokerUnderTest.await("the next coordinator not to know of it", () -> isForgotten(admin));
            open.commitTransaction();
            try (KafkaProducer<String, String> producer = producer(cluster.bootstrapServers(), ID)) {
                commit(producer, "last");
            }
            assertEquals(List.of("open", "before", "last"), seen(cluster.bootstrapServers(), "last"));
        }
    }

    private static boolean isForgotten(Admin admin) {
        try {
            describe(admin, ID);
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof TransactionalIdNotFoundException;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
