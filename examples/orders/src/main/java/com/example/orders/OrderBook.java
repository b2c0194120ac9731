package com.example.orders;

import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** What the listeners have seen. Safe for use by many threads. */
@Component
public class OrderBook {
    /** An order, and where it was read. */
    public record Entry(Order order, int partition, long offset) {}

    /** An order that could not be handled, as its dead letter tells. */
    public record DeadLetter(String key, String topic, int partition, String reason) {}

    private final List<Entry> handled = new ArrayList<>();
    private final List<Integer> batches = new ArrayList<>();
    private final List<Object> changes = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();

    synchronized void handled(Order order, int partition, long offset) {
        handled.add(new Entry(order, partition, offset));
    }

    synchronized void counted(int orders) {
        batches.add(orders);
    }

    synchronized void changed(Object change) {
        changes.add(change);
    }

    synchronized void died(DeadLetter letter) {
        deadLetters.add(letter);
    }

    public synchronized List<Entry> handledOf(String customer) {
        return handled.stream()
                .filter(entry -> entry.order().customer().equals(customer))
                .toList();
    }

    /** How many orders each call of the batch listener brought. */
    public synchronized List<Integer> batches() {
        return List.copyOf(batches);
    }

    /** The events and inventory updates of one order. */
    public synchronized List<Object> changesOf(String orderId) {
        return changes.stream()
                .filter(change -> switch (change) {
                    case OrderEvent event -> event.orderId().equals(orderId);
                    case InventoryUpdate update -> update.orderId().equals(orderId);
                    default -> false;
                })
                .toList();
    }

    public synchronized List<DeadLetter> deadLetters() {
        return List.copyOf(deadLetters);
    }
}
