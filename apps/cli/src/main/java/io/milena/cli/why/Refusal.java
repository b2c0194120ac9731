package io.milena.cli.why;

/**
 * Requests that a broker refused alike.
 *
 * @param client what it calls itself, and where it is
 * @param request the API, as {@code Produce}
 * @param error Kafka's name of it
 * @param subject a topic, group or resource; empty where nothing is known
 * @param partition -1 for none
 * @param message what the client was told beside the error, or empty
 * @param agoMs since the last time
 */
public record Refusal(
        String client,
        String request,
        String error,
        String subject,
        int partition,
        String message,
        long count,
        long agoMs) {
    String place() {
        return partition < 0 ? subject : subject + "-" + partition;
    }

    String told() {
        return ago() + " ago " + request + " of " + client + (subject.isEmpty() ? "" : " to " + place()) + ": " + error
                + (count == 1 ? "" : ", " + count + " times") + (message.isEmpty() ? "" : " (" + message + ")");
    }

    private String ago() {
        return agoMs < 1000 ? agoMs + " ms" : agoMs / 1000 + " s";
    }
}
