package com.example.orders;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.stereotype.Component;

/** Handles each order, and commits it only then: an order is never lost, and after a crash may be handled twice. */
@Component
public class OrderListener {
    public static final String GROUP = "order-processor";

    private static final Logger log = LoggerFactory.getLogger(OrderListener.class);

    private final OrderBook book;

    OrderListener(OrderBook book) {
        this.book = book;
    }

    /** Two consumers share the partitions, and tell the broker which process they are of. */
    @KafkaListener(id = GROUP, clientIdPrefix = GROUP + "-${PID}", topics = Topics.ORDERS, concurrency = "2")
    void handle(ConsumerRecord<String, Order> record, Acknowledgment acknowledgment) {
        Order order = record.value();
        if (order.amount().signum() < 0) {
            throw new OrderRefused("order " + order.id() + " has a negative amount");
        }
        book.handled(order, record.partition(), record.offset());
        log.info("order {} of {} is handled, from partition {}", order.id(), order.customer(), record.partition());
        acknowledgment.acknowledge();
    }
}
