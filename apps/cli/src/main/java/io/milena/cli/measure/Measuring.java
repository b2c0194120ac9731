package io.milena.cli.measure;

import io.milena.cli.client.ClusterClient;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Measures a cluster over one span of time after another; each begins where the last has ended. For one thread. */
public final class Measuring {
    private final Sampler sampler;
    private Sample last;

    /** Begins now. */
    public Measuring(ClusterClient client) throws IOException {
        this.sampler = new Sampler(client);
        this.last = sampler.take();
    }

    /** What was there at the end of a span, and what happened in it. */
    public record Span(Sample end, Rates rates) {}

    /** Waits so long. */
    public Span next(long ms) throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(ms);
        Sample before = last;
        last = sampler.take();
        return new Span(last, Rates.between(before, last));
    }
}
