package io.milena.simulator;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.records.RecordBatch;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The broker at the other end of a connection, which is in charge of everything. */
final class OneBroker implements Brokers {
    private final WireClient connection;
    private final Client client;
    private final Set<Target> coordinators = new HashSet<>();

    OneBroker(WireClient connection, Client client) {
        this.connection = connection;
        this.client = client;
    }

    @Override
    public RandomGenerator random() {
        return client.random;
    }

    @Override
    public long nowMs() {
        return client.nowMs();
    }

    @Override
    public void rest(long maxMs) throws IOException {
        client.rest(maxMs);
    }

    @Override
    public <R extends ApiMessage> R ask(Target target, ApiMessage request, int version, Class<R> type)
            throws IOException {
        find(target);
        return connection.ask(request, version, type);
    }

    @Override
    public void askInVain(Target target, ApiMessage request, int version) throws IOException {
        find(target);
        connection.send(request, version);
        throw new IOException("nobody listens any more");
    }

    /** Where a coordinator keeps its records comes to be with the first question for it. */
    private void find(Target target) throws IOException {
        if (target.role() == Target.Role.LEADER || coordinators.contains(target)) {
            return;
        }
        FindCoordinatorRequest request = FindCoordinatorRequest.builder()
                .keyType((byte) (target.role() == Target.Role.GROUP_COORDINATOR ? 0 : 1))
                .coordinatorKeys(List.of(target.name()))
                .build();
        short error = connection
                .ask(request, 4, FindCoordinatorResponse.class)
                .coordinators()
                .getFirst()
                .errorCode();
        if (error != ErrorCode.NONE.code()) {
            throw new IOException(target + " is not there: " + ErrorCode.of(error));
        }
        coordinators.add(target);
    }

    @Override
    public int leaderEpoch(Target leader) {
        return -1;
    }

    @Override
    public void heardOf(Target leader, int leaderEpoch) {}

    @Override
    public boolean isInCharge(Target target) {
        return true;
    }

    @Override
    public Set<ErrorCode> passing() {
        return Set.of();
    }

    @Override
    public boolean comesAgain() {
        return false;
    }

    @Override
    public void acknowledged(Target leader, long offset, RecordBatch batch) {}

    @Override
    public void toldStable(Target leader, long lastStableOffset) {}
}
