package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FetchRequest;
import io.milena.protocol.message.FetchResponse;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Signal;
import java.util.List;

/**
 * Fetch, with sessions (KIP-227) and topic ids (KIP-516). The session is brought up to date on the reader thread; reading and waiting for bytes
 * happen when it is the answer's turn. Records leave as slices of segment files.
 */
public final class FetchHandler implements ApiHandler<FetchRequest> {
    private final Partitions partitions;
    private final FetchSessions sessions;
    private final Clock clock;

    /** The most bytes of records in one response, in bytes ({@code fetch.max.bytes}). */
    private final int responseBytesMax;

    private final ReplicaSelection selection;
    private final LeaderHints hints;

    public FetchHandler(
            Partitions partitions,
            FetchSessions sessions,
            Clock clock,
            int responseBytesMax,
            ReplicaSelection selection,
            LeaderHints hints) {
        this.partitions = partitions;
        this.sessions = sessions;
        this.clock = clock;
        this.responseBytesMax = responseBytesMax;
        this.selection = selection;
        this.hints = hints;
    }

    @Override
    public Answer handle(FetchRequest request, RequestContext context) {
        return switch (sessions.open(request, context.version())) {
            case FetchSessions.Refused(ErrorCode error) ->
                Answer.now(FetchResponse.builder().errorCode(error.code()).build());
            case FetchSession session -> {
                Deadline deadline = Deadline.afterMs(clock, request.maxWaitMs());
                FetchReads reads = FetchReads.of(request, context.version(), selection);
                FetchRound round = new FetchRound(partitions, session.wanted(), reads, bytesMax(request));
                // More than may be sent is not worth waiting for.
                int minBytes = Math.min(request.minBytes(), bytesMax(request));
                yield Answer.later(
                        () -> hints.added(session.respond(awaitBytes(round, minBytes, deadline)), context.version()));
            }
        };
    }

    private int bytesMax(FetchRequest request) {
        return Math.clamp(request.maxBytes(), 0, responseBytesMax);
    }

    /** Reads until there is enough to answer: {@code minBytes}, an error that the client must hear of, or the deadline. */
    private static List<FetchedPartition> awaitBytes(FetchRound round, int minBytes, Deadline deadline)
            throws InterruptedException {
        while (true) {
            round.read();
            if (round.isWorthAnswering(minBytes) || deadline.isPast()) {
                return round.take();
            }
            round.hurry();
            try {
                Signal.awaitAny(round.signals(), round::hasMoved, deadline);
            } catch (InterruptedException e) {
                round.release();
                throw e;
            }
        }
    }
}
