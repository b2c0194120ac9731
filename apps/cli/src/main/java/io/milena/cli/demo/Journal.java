package io.milena.cli.demo;

import io.milena.cli.CommandFailure;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the members of the group have done, as they say themselves. Written by their threads, read by the story's. */
final class Journal {
    private static final long PATIENCE_MS = 60_000;

    private final Signal changed = new Signal();
    private final Map<String, List<Integer>> assigned = new TreeMap<>();
    private final List<Processed> processed = new ArrayList<>();

    /** An order and the member that has processed it. */
    record Processed(String member, Order order) {}

    void assigned(String member, List<Integer> partitions) {
        synchronized (this) {
            assigned.put(member, List.copyOf(partitions));
        }
        changed.raise();
    }

    void gone(String member) {
        synchronized (this) {
            assigned.remove(member);
        }
        changed.raise();
    }

    void processed(String member, Order order) {
        synchronized (this) {
            processed.add(new Processed(member, order));
        }
        changed.raise();
    }

    /** Members that run and their partitions. */
    synchronized Map<String, List<Integer>> assigned() {
        return Map.copyOf(assigned);
    }

    synchronized List<Processed> processed() {
        return List.copyOf(processed);
    }

    /** Who has processed an order first; it is waited for. */
    String processor(Order order) throws InterruptedException {
        await(() -> find(order) != null, order.name() + " is not processed");
        return String.valueOf(find(order));
    }

    private @Nullable String find(Order order) {
        return processed().stream()
                .filter(each -> each.order().equals(order))
                .map(Processed::member)
                .findFirst()
                .orElse(null);
    }

    /** @throws CommandFailure if it does not come to that */
    void await(BooleanSupplier condition, String otherwise) throws InterruptedException {
        if (!changed.await(condition, Deadline.afterMs(Clock.system(), PATIENCE_MS))) {
            throw new CommandFailure("the story does not come true: " + otherwise);
        }
    }
}
