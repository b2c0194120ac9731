package io.milena.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Server-sent events (HTML Living Standard, 9.2) to one reader, each sent at once. A reader that went away is noticed by the next write, which fails. */
final class EventStream {
    static final String CONTENT_TYPE = "text/event-stream";
    private static final byte[] NOTHING = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final OutputStream out;

    private EventStream(OutputStream out) {
        this.out = out;
    }

    /** What happens. */
    @FunctionalInterface
    interface Source {
        /** Returns when there will be no more. */
        void writeTo(EventStream events) throws BadRequest, IOException, InterruptedException;
    }

    /** What goes wrong on the way is the last event, because the status was sent long before. */
    static void write(Source source, OutputStream out) throws IOException {
        EventStream events = new EventStream(out);
        try {
            events.keepAlive();
            source.writeTo(events);
        } catch (BadRequest e) {
            events.send("problem", null, json -> Problem.write(e, json));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param id what the reader gives back when it wants to go on behind this event */
    void send(String name, @Nullable String id, Json.Document data) throws IOException {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.writeBytes(("event: " + name + "\n").getBytes(StandardCharsets.UTF_8));
        if (id != null) {
            event.writeBytes(("id: " + id + "\n").getBytes(StandardCharsets.UTF_8));
        }
        event.writeBytes("data: ".getBytes(StandardCharsets.UTF_8));
        event.writeBytes(
                Json.bytes(data)); // one line: the generator writes none between values, and escapes those in texts
        event.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
        event.writeTo(out);
        out.flush();
    }

    /** Says nothing, and finds out whether anybody is there. */
    void keepAlive() throws IOException {
        out.write(NOTHING);
        out.flush();
    }
}
