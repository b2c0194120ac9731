package com.example.orders;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import org.springframework.stereotype.Service;

/** Three ways to write an order. */
@Service
public class OrderSender {
    private static final Logger log = LoggerFactory.getLogger(OrderSender.class);
    private static final int TIMEOUT_SECONDS = 10;

    private final KafkaTemplate<Object, Object> kafka;

    OrderSender(KafkaTemplate<Object, Object> kafka) {
        this.kafka = kafka;
    }

    /** Goes on at once; the future knows later where the order is. The key, the customer, chooses the partition. */
    public CompletableFuture<SendResult<Object, Object>> sendAsync(Order order) {
        CompletableFuture<SendResult<Object, Object>> sent = kafka.send(Topics.ORDERS, order.customer(), order);
        return sent.whenComplete((result, failure) -> {
            if (failure == null) {
                log.info(
                        "order {} of {} is record {} of partition {}",
                        order.id(),
                        order.customer(),
                        result.getRecordMetadata().offset(),
                        result.getRecordMetadata().partition());
            } else {
                log.error("order {} is not sent", order.id(), failure);
            }
        });
    }

    /** Returns when the order is safe. */
    public SendResult<Object, Object> send(Order order) throws InterruptedException, TimeoutException {
        return await(sendAsync(order));
    }

    /** To a partition that the caller chooses, whatever the key. */
    public SendResult<Object, Object> sendTo(int partition, Order order) throws InterruptedException, TimeoutException {
        return await(kafka.send(Topics.ORDERS, partition, order.customer(), order));
    }

    private static SendResult<Object, Object> await(CompletableFuture<SendResult<Object, Object>> sent)
            throws InterruptedException, TimeoutException {
        try {
            return sent.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the order is not sent", e.getCause());
        }
    }
}
