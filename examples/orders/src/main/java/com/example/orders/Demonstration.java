package com.example.orders;

import java.math.BigDecimal;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Sends a few orders of each kind at the start, one of which nobody can handle; then another one every few seconds, until the program ends. */
@Component
@ConditionalOnProperty("orders.demonstration")
public class Demonstration implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(Demonstration.class);
    private static final BigDecimal PRICE = new BigDecimal("19.90");

    private final OrderSender sender;
    private final Checkout checkout;

    Demonstration(OrderSender sender, Checkout checkout) {
        this.sender = sender;
        this.checkout = checkout;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException, TimeoutException {
        var _ = sender.sendAsync(order("user-123", 1));
        var _ = sender.sendAsync(order("user-789", 2));
        sender.send(order("user-123", 3));
        sender.sendTo(0, order("user-456", 1));
        checkout.buy(order("user-123", 5));
        try {
            checkout.buy(order("user-789", 1_000_000));
        } catch (OrderRefused e) {
            log.info("rolled back: {}", e.getMessage());
        }
        sender.send(order("user-789", -1));
    }

    @Scheduled(initialDelayString = "${orders.every}", fixedDelayString = "${orders.every}")
    void another() {
        int customer = ThreadLocalRandom.current().nextInt(100, 1000);
        var _ = sender.sendAsync(order("user-" + customer, 1));
    }

    private static Order order(String customer, int quantity) {
        BigDecimal amount = PRICE.multiply(BigDecimal.valueOf(quantity));
        return new Order(UUID.randomUUID().toString().substring(0, 8), customer, "diary", quantity, amount);
    }
}
