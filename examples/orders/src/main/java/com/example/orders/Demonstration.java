package com.example.orders;

import java.math.BigDecimal;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Sends a few orders of each kind at the start, one of which nobody can handle; then the listeners go on until the program ends. */
@Component
@ConditionalOnProperty("orders.demonstration")
public class Demonstration implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(Demonstration.class);

    private final OrderSender sender;
    private final Checkout checkout;

    Demonstration(OrderSender sender, Checkout checkout) {
        this.sender = sender;
        this.checkout = checkout;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException, TimeoutException {
        var _ = sender.sendAsync(order("user-123", 1, "19.90"));
        var _ = sender.sendAsync(order("user-456", 2, "39.80"));
        sender.send(order("user-123", 3, "59.70"));
        sender.sendTo(0, order("user-789", 1, "19.90"));
        checkout.buy(order("user-123", 5, "99.50"));
        try {
            checkout.buy(order("user-456", 1_000_000, "19900000.00"));
        } catch (OrderRefused e) {
            log.info("rolled back: {}", e.getMessage());
        }
        sender.send(order("user-456", 1, "-1.00"));
        log.info("all sent; the listeners go on until Ctrl-C");
    }

    private static Order order(String customer, int quantity, String amount) {
        return new Order(UUID.randomUUID().toString(), customer, "diary", quantity, new BigDecimal(amount));
    }
}
