package com.example.orders;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.stereotype.Service;

/** An order, what happened to it and what it takes from the stock, written together: readers see all three or none. */
@Service
public class Checkout {
    private final KafkaTemplate<Object, Object> kafka;
    private final int stock;

    Checkout(ProducerFactory<Object, Object> producers, @Value("${orders.stock}") int stock) {
        this.kafka = new KafkaTemplate<>(producers, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "checkout-"));
        this.stock = stock;
    }

    /** @throws OrderRefused if there is not enough of the item; then the order was never there */
    public void buy(Order order) {
        kafka.executeInTransaction(transaction -> {
            // Nobody needs to wait for the single sends: if one fails, the commit does.
            var _ = transaction.send(Topics.ORDERS, order.customer(), order);
            var _ = transaction.send(Topics.ORDER_EVENTS, order.id(), new OrderEvent(order.id(), "placed"));
            if (order.quantity() > stock) {
                throw new OrderRefused("there are no " + order.quantity() + " of " + order.item());
            }
            return transaction.send(
                    Topics.INVENTORY_UPDATES,
                    order.item(),
                    new InventoryUpdate(order.id(), order.item(), -order.quantity()));
        });
    }
}
