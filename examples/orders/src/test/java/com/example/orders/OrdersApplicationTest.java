package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.milena.embedded.Milena;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.support.SendResult;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole application, with a broker in this JVM or the one that {@code milena.oracle} names. */
@SpringBootTest(
        properties = {"orders.demonstration=false", "orders.retry-pause=20ms", "logging.level.com.example.orders=off"})
@DirtiesContext // so that the application ends before its broker does
class OrdersApplicationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Autowired
    private OrderSender sender;

    @Autowired
    private Checkout checkout;

    @Autowired
    private OrderBook book;

    @Autowired
    private ProducerFactory<Object, Object> producers;

    /** Started at first use; it ends with the JVM, after the application. */
    private static final class Embedded {
        static final Milena BROKER = Milena.configure().start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close));
        }
    }

    private static String broker() {
        String oracle = System.getProperty("milena.oracle", "");
        return oracle.isEmpty() ? Embedded.BROKER.bootstrapServers() : oracle;
    }

    @DynamicPropertySource
    static void useTheBroker(DynamicPropertyRegistry properties) {
        properties.add("spring.kafka.bootstrap-servers", OrdersApplicationTest::broker);
    }

    private final String customer = "customer-" + UUID.randomUUID();

    private Order order(int number) {
        return new Order(customer + "-" + number, customer, "diary", number, BigDecimal.valueOf(number));
    }

    private List<Integer> handled() {
        return book.handledOf(customer).stream()
                .map(entry -> entry.order().quantity())
                .toList();
    }

    @Test
    void theOrdersOfACustomerAreHandledInOrder() {
        List<Integer> numbers = IntStream.rangeClosed(1, 50).boxed().toList();
        for (int number : numbers) {
            var _ = sender.sendAsync(order(number));
        }

        await().atMost(PATIENCE).until(() -> handled().size() >= 50);
        assertThat(handled()).isEqualTo(numbers);
        assertThat(book.handledOf(customer))
                .extracting(OrderBook.Entry::partition)
                .containsOnly(book.handledOf(customer).getFirst().partition());
    }

    @Test
    void whoWaitsKnowsWhereTheOrderIs() throws Exception {
        SendResult<Object, Object> sent = sender.send(order(1));

        await().atMost(PATIENCE).until(() -> !handled().isEmpty());
        OrderBook.Entry entry = book.handledOf(customer).getFirst();
        assertThat(entry.partition()).isEqualTo(sent.getRecordMetadata().partition());
        assertThat(entry.offset()).isEqualTo(sent.getRecordMetadata().offset());
    }

    @Test
    void aChosenPartitionIsUsedWhateverTheKey() throws Exception {
        for (int partition = 0; partition < Topics.PARTITIONS; partition++) {
            sender.sendTo(partition, order(partition));
        }

        await().atMost(PATIENCE).until(() -> handled().size() == Topics.PARTITIONS);
        assertThat(book.handledOf(customer))
                .allMatch(entry -> entry.partition() == entry.order().quantity());
    }

    @Test
    void twoConsumersShareThePartitionsAndCommitWhatIsHandled() throws Exception {
        sender.send(order(1));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker()))) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                ConsumerGroupDescription group =
                        Objects.requireNonNull(admin.describeConsumerGroups(List.of(OrderListener.GROUP))
                                .all()
                                .get()
                                .get(OrderListener.GROUP));
                assertThat(group.partitionAssignor()).isEqualTo("cooperative-sticky");
                assertThat(group.members())
                        .hasSize(2)
                        .allMatch(
                                member -> !member.assignment().topicPartitions().isEmpty());
                Set<TopicPartition> assigned = new HashSet<>();
                group.members()
                        .forEach(member -> assigned.addAll(member.assignment().topicPartitions()));
                assertThat(assigned).hasSize(Topics.PARTITIONS);
            });
            await().atMost(PATIENCE).until(() -> !handled().isEmpty());
            OrderBook.Entry entry = book.handledOf(customer).getFirst();
            await().atMost(PATIENCE).untilAsserted(() -> {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(OrderListener.GROUP)
                        .partitionsToOffsetAndMetadata()
                        .get();
                TopicPartition read = new TopicPartition(Topics.ORDERS, entry.partition());
                assertThat(committed
                                .getOrDefault(read, new OffsetAndMetadata(0))
                                .offset())
                        .isGreaterThan(entry.offset());
            });
        }
    }

    @Test
    void manyOrdersAreCountedAtOnce() {
        for (int number = 1; number <= 500; number++) {
            var _ = sender.sendAsync(order(number));
        }
        await().atMost(PATIENCE).until(() -> book.batches().stream().anyMatch(orders -> orders > 1));
    }

    @Test
    void aCheckoutIsSeenWholeOrNotAtAll() throws Exception {
        Order tooMany = order(101);
        Order enough = order(7);
        assertThatThrownBy(() -> checkout.buy(tooMany)).isInstanceOf(OrderRefused.class);
        checkout.buy(enough);

        await().atMost(PATIENCE)
                .until(() ->
                        book.changesOf(enough.id()).size() == 2 && !handled().isEmpty());
        assertThat(book.changesOf(enough.id()))
                .containsExactlyInAnyOrder(
                        new OrderEvent(enough.id(), "placed"), new InventoryUpdate(enough.id(), "diary", -7));
        // Both orders have one key, so the first would have been read before the second
        assertThat(handled()).containsExactly(7);
        assertThat(book.changesOf(tooMany.id())).isEmpty();
    }

    @Test
    void anOrderThatFailsIsPutAsideWithTheReasonAndTheNextIsHandled() throws Exception {
        Order failing = new Order(customer + "-x", customer, "diary", 1, BigDecimal.valueOf(-1));
        sender.send(failing);
        sender.send(order(2));

        await().atMost(PATIENCE)
                .until(() -> !deadLetters().isEmpty() && !handled().isEmpty());
        assertThat(handled()).containsExactly(2);
        assertThat(deadLetters()).hasSize(1);
        assertThat(deadLetters().getFirst().topic()).isEqualTo(Topics.ORDERS);
        assertThat(deadLetters().getFirst().reason()).isEqualTo("order " + failing.id() + " has a negative amount");
    }

    @Test
    void whatIsNotAnOrderIsPutAsideToo() throws Exception {
        KafkaTemplate<Object, Object> bytes =
                new KafkaTemplate<>(producers, Map.of("value.serializer", ByteArraySerializer.class.getName()));
        bytes.send(Topics.ORDERS, customer, "no order".getBytes(StandardCharsets.UTF_8))
                .get();
        sender.send(order(2));

        await().atMost(PATIENCE)
                .until(() -> !deadLetters().isEmpty() && !handled().isEmpty());
        assertThat(handled()).containsExactly(2);
        assertThat(deadLetters().getFirst().topic()).isEqualTo(Topics.ORDERS);
        assertThat(deadLetters().getFirst().reason()).contains("failed to deserialize");
    }

    private List<OrderBook.DeadLetter> deadLetters() {
        return book.deadLetters().stream()
                .filter(letter -> letter.key().equals(customer))
                .toList();
    }
}
