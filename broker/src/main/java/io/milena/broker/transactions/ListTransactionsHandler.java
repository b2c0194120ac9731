package io.milena.broker.transactions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.protocol.message.ListTransactionsResponse.TransactionState;
import io.milena.transactions.TransactionShard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** ListTransactions: the transactional ids of all partitions that pass the filters. v1 by duration; v2 by a regular expression for the whole id. */
public final class ListTransactionsHandler implements ApiHandler<ListTransactionsRequest> {
    private final Hosts hosts;

    /** Those that are asked. */
    record Hosts(Supplier<List<CoordinatorHost>> working, BooleanSupplier areLoading) {}

    public ListTransactionsHandler(TransactionCoordinator coordinator) {
        this(new Hosts(coordinator::hosts, coordinator::isLoading));
    }

    ListTransactionsHandler(Hosts hosts) {
        this.hosts = hosts;
    }

    @Override
    public Answer handle(ListTransactionsRequest request, RequestContext context) {
        return list(request);
    }

    Answer list(ListTransactionsRequest request) {
        Pattern pattern;
        try {
            pattern = pattern(request.transactionalIdPattern());
        } catch (PatternSyntaxException e) {
            return Answer.now(refused(ErrorCode.INVALID_REGULAR_EXPRESSION));
        }
        if (hosts.areLoading.getAsBoolean()) {
            return Answer.now(refused(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
        }
        List<TransactionState> states = new ArrayList<>();
        Map<CoordinatorHost, Long> ends = new LinkedHashMap<>();
        for (CoordinatorHost host : hosts.working.get()) {
            for (TransactionState state : host.read(shard -> shard.list(request, host.nowMs()))) {
                if (pattern == null || pattern.matcher(state.transactionalId()).matches()) {
                    states.add(state);
                }
            }
            ends.put(host, host.endOffset());
        }
        List<String> unknown = request.stateFilters().stream()
                .filter(name -> !TransactionShard.isState(name))
                .toList();
        return Answer.later(() -> {
            for (Map.Entry<CoordinatorHost, Long> end : ends.entrySet()) {
                if (!end.getKey().awaitDurable(end.getValue())) {
                    return refused(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS); // what it has told may never have been
                }
            }
            return ListTransactionsResponse.builder()
                    .transactionStates(states)
                    .unknownStateFilters(unknown)
                    .build();
        });
    }

    private static ListTransactionsResponse refused(ErrorCode error) {
        return ListTransactionsResponse.builder().errorCode(error.code()).build();
    }

    private static @Nullable Pattern pattern(@Nullable String expression) {
        return expression == null || expression.isEmpty() ? null : Pattern.compile(expression);
    }
}
