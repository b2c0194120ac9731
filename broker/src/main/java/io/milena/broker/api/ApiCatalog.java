package io.milena.broker.api;

import io.milena.protocol.ApiKey;
import io.milena.protocol.ApiMessage;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The APIs that are served, with their versions and handlers, by number. Immutable once built. */
public final class ApiCatalog {
    /** The number of the first API that Kafka does not have. */
    private static final short FIRST_OWN = 10_000;

    private final Map<ApiKey, Entry> entries = new EnumMap<>(ApiKey.class);
    private final RefusedRequests refused = new RefusedRequests();

    /**
     * One API.
     *
     * @param advertisedMin what ApiVersions says; below {@code min} only for Produce, whose old versions some clients look for without using them
     */
    public record Entry(
            ApiKey key,
            short advertisedMin,
            short min,
            short max,
            ApiHandler<ApiMessage> handler,
            ApiStatistics statistics) {
        /** Milena's own APIs are not: their numbers are far behind Kafka's, and clients use numbers as indexes. */
        public boolean isAdvertised() {
            return key.key() < FIRST_OWN;
        }

        /** As Apache Kafka calls it: {@code OFFSET_FETCH} is {@code OffsetFetch}. */
        public String name() {
            return nameOf(key);
        }

        boolean serves(short version) {
            return version >= min && version <= max;
        }
    }

    static String nameOf(ApiKey key) {
        return Stream.of(key.name().split("_"))
                .map(word -> word.substring(0, 1) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** @param request the type of the API's requests, by which the compiler checks the handler */
    public <Q extends ApiMessage> ApiCatalog add(
            ApiKey key, int min, int max, Class<Q> request, ApiHandler<Q> handler) {
        return add(key, min, min, max, request, handler);
    }

    <Q extends ApiMessage> ApiCatalog add(
            ApiKey key, int advertisedMin, int min, int max, Class<Q> request, ApiHandler<Q> handler) {
        entries.put(
                key,
                new Entry(
                        key,
                        (short) advertisedMin,
                        (short) min,
                        (short) max,
                        (body, context) -> handler.handle(request.cast(body), context),
                        new ApiStatistics((short) min, (short) max)));
        return this;
    }

    /** Produce, advertised from version 0: older librdkafka turns features off where it is not. */
    public <Q extends ApiMessage> ApiCatalog addProduce(int min, int max, Class<Q> request, ApiHandler<Q> handler) {
        return add(ApiKey.PRODUCE, 0, min, max, request, handler);
    }

    /** What was refused to those who asked. */
    public RefusedRequests refused() {
        return refused;
    }

    public Collection<Entry> entries() {
        return entries.values();
    }

    public @Nullable Entry find(ApiKey key) {
        return entries.get(key);
    }
}
