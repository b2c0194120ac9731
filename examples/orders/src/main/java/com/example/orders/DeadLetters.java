package com.example.orders;

import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/** Tells somebody of each order that was put aside. */
@Component
public class DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final OrderBook book;

    DeadLetters(OrderBook book) {
        this.book = book;
    }

    /** Reads values as they are: what is here may be anything. */
    @KafkaListener(
            id = "dead-orders",
            topics = Topics.DEAD_ORDERS,
            properties = "value.deserializer=org.apache.kafka.common.serialization.ByteArrayDeserializer")
    void died(
            byte[] value,
            @Header(KafkaHeaders.RECEIVED_KEY) String key,
            @Header(KafkaHeaders.DLT_ORIGINAL_TOPIC) byte[] topic,
            @Header(KafkaHeaders.DLT_ORIGINAL_PARTITION) int partition,
            @Header(KafkaHeaders.DLT_EXCEPTION_MESSAGE) byte[] reason,
            Acknowledgment acknowledgment) {
        String why = new String(reason, StandardCharsets.UTF_8);
        book.died(new OrderBook.DeadLetter(key, new String(topic, StandardCharsets.UTF_8), partition, why));
        log.warn("{} bytes of {} could not be handled: {}", value.length, key, why);
        acknowledgment.acknowledge();
    }
}
