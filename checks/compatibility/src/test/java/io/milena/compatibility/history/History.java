package io.milena.compatibility.history;

import java.util.ArrayList;
import java.util.List;

/** What happened to records, in the order in which their clients noticed. Safe for use by many threads. */
public final class History {
    private final List<Event> events = new ArrayList<>();

    /** A record of a producer, which numbers those of each partition from 0. */
    public record Value(int producer, int partition, long number) {
        public static Value parse(String text) {
            String[] parts = text.split(" ")[0].split("-");
            return new Value(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
        }

        @Override
        public String toString() {
            return producer + "-" + partition + "-" + number;
        }
    }

    /** Something that happened. */
    public sealed interface Event {}

    /** A producer gave a record to its client. */
    public record Sent(Value value) implements Event {}

    /** It was acknowledged. Without this it may be there or not. */
    public record Acknowledged(Value value, long offset) implements Event {}

    /** A reader, which goes on where it has been, was given a record. */
    public record Read(String reader, int partition, long offset, Value value) implements Event {}

    /** Somebody asks for the end of a partition, or for what a group has committed there; what is acknowledged later is no matter. */
    public record Asked(int question, int partition) implements Event {}

    /** The answer to the question of that number. */
    public record Answered(int question, int partition, long offset) implements Event {}

    public void add(Event event) {
        synchronized (events) {
            events.add(event);
        }
    }

    /** So far. */
    public List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }
}
