package com.example.orders;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.stereotype.Component;

/** Reads all orders again, for another purpose and many at a time: a group of its own with offsets of its own. */
@Component
public class OrderStatistics {
    private static final Logger log = LoggerFactory.getLogger(OrderStatistics.class);

    private final OrderBook book;

    OrderStatistics(OrderBook book) {
        this.book = book;
    }

    @KafkaListener(id = "order-statistics", topics = Topics.ORDERS, batch = "true")
    void count(List<Order> orders, Acknowledgment acknowledgment) {
        BigDecimal sum = orders.stream()
                .filter(Objects::nonNull) // what is not JSON
                .map(Order::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        book.counted(orders.size());
        log.info("{} more orders, {} in all", orders.size(), sum);
        acknowledgment.acknowledge();
    }
}
