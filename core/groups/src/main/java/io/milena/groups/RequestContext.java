package io.milena.groups;

/**
 * Where a request came from, and where its answer goes. The shard only remembers it (a join may be answered minutes later) and hands
 * the token back in {@link Effect.Reply}; each token is answered exactly once.
 *
 * @param token the host's own number for the request that waits
 * @param apiVersion the version of the API that the client used
 * @param clientId the client's name for itself, may be empty
 * @param clientHost the client's address as Kafka prints it, e.g. {@code /127.0.0.1}
 */
public record RequestContext(long token, short apiVersion, String clientId, String clientHost) {}
