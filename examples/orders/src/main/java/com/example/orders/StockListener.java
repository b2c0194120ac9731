package com.example.orders;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.stereotype.Component;

/** Follows what checkouts have committed; what was rolled back never arrives. */
@Component
public class StockListener {
    private static final Logger log = LoggerFactory.getLogger(StockListener.class);

    private final OrderBook book;

    StockListener(OrderBook book) {
        this.book = book;
    }

    @KafkaListener(
            id = "stock",
            topics = {Topics.ORDER_EVENTS, Topics.INVENTORY_UPDATES})
    void changed(ConsumerRecord<String, Object> record, Acknowledgment acknowledgment) {
        book.changed(record.value());
        log.info("{}", record.value());
        acknowledgment.acknowledge();
    }
}
