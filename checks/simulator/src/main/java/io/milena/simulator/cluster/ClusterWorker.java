package io.milena.simulator.cluster;

import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.FindCoordinatorRequest;
import io.milena.protocol.message.FindCoordinatorResponse;
import io.milena.records.RecordBatch;
import io.milena.simulator.Brokers;
import io.milena.simulator.WireClient;
import io.milena.simulator.Work;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** A client program of a cluster that does some work. It finds out who is in charge, and again when they are not any more; and now and then it loses an answer to what was carried out. */
final class ClusterWorker extends ClusterClient implements Brokers {
    private static final int AGAIN = 8;
    private static final int LOST = 40;
    private static final long AGAIN_MS_MAX = 100;
    private static final long LOST_MS_MAX = 50;
    private static final long ANEW_MS_MAX = 600;

    /** One of them is final when it comes from a coordinator that is one; but one that was replaced, and is cut off, knows no newer producers. That it does not pass would keep a cluster from healing. */
    private static final Set<ErrorCode> PASSING = Collections.unmodifiableSet(EnumSet.of(
            ErrorCode.NOT_LEADER_OR_FOLLOWER,
            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
            ErrorCode.FENCED_LEADER_EPOCH,
            ErrorCode.UNKNOWN_LEADER_EPOCH,
            ErrorCode.OFFSET_NOT_AVAILABLE,
            ErrorCode.NOT_ENOUGH_REPLICAS,
            ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
            ErrorCode.REQUEST_TIMED_OUT,
            ErrorCode.KAFKA_STORAGE_ERROR,
            ErrorCode.NOT_COORDINATOR,
            ErrorCode.COORDINATOR_NOT_AVAILABLE,
            ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
            ErrorCode.INVALID_PRODUCER_ID_MAPPING));

    private final Stage stage;
    private final Work work;
    private final Map<Target, Contact.Leader> known = new HashMap<>();

    ClusterWorker(Stage stage, Work work) {
        super(stage.world(), stage.brokers());
        this.stage = stage;
        this.work = work;
    }

    @Override
    boolean work() throws IOException {
        known.clear();
        boolean isDone = work.go(this);
        if (!isDone) {
            rest(ANEW_MS_MAX);
        }
        return isDone;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public <R extends ApiMessage> R ask(Target target, ApiMessage request, int version, Class<R> type)
            throws IOException {
        if (random.nextInt(LOST) == 0) {
            askInVain(target, request, version);
        }
        WireClient connection = to(find(target).broker());
        connection.send(request, version);
        return receive(connection, type);
    }

    @Override
    public void askInVain(Target target, ApiMessage request, int version) throws IOException {
        to(find(target).broker()).send(request, version);
        rest(LOST_MS_MAX);
        throw new IOException("nobody listens any more");
    }

    private Contact.Leader find(Target target) throws IOException {
        Contact.Leader found = known.get(target);
        if (found == null) {
            found = target.role() == Target.Role.LEADER
                    ? leader(target.name(), target.partition())
                    : coordinator(target);
            if (found == null) {
                throw new IOException("nobody is in charge of " + target);
            }
            known.put(target, found);
        }
        return found;
    }

    private Contact.Leader coordinator(Target target) throws IOException {
        FindCoordinatorRequest request = FindCoordinatorRequest.builder()
                .keyType((byte) (target.role() == Target.Role.GROUP_COORDINATOR ? 0 : 1))
                .coordinatorKeys(List.of(target.name()))
                .build();
        FindCoordinatorResponse.Coordinator answer = ask(anyBroker(), request, 4, FindCoordinatorResponse.class)
                .coordinators()
                .getFirst();
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            throw new IOException(target + " is not there: " + ErrorCode.of(answer.errorCode()));
        }
        return new Contact.Leader(answer.nodeId(), -1);
    }

    @Override
    public int leaderEpoch(Target leader) throws IOException {
        return find(leader).epoch();
    }

    @Override
    public void heardOf(Target leader, int leaderEpoch) {
        heardOf(leader.name(), leader.partition(), leaderEpoch);
        Contact.Leader found = known.get(leader);
        if (found != null && found.epoch() < leaderEpoch) {
            known.remove(leader);
        }
    }

    @Override
    public boolean isInCharge(Target target) throws IOException {
        int broker = find(target).broker();
        return switch (target.role()) {
            case LEADER -> stage.leads(broker, target.name(), target.partition());
            case GROUP_COORDINATOR -> stage.coordinatesGroups(broker);
            case TRANSACTION_COORDINATOR -> throw new IllegalArgumentException(target + " is not known to the story");
        };
    }

    @Override
    public Set<ErrorCode> passing() {
        return PASSING;
    }

    @Override
    public boolean comesAgain() throws IOException {
        disconnect();
        known.clear();
        if (random.nextInt(AGAIN) == 0) {
            return false;
        }
        rest(AGAIN_MS_MAX);
        return true;
    }

    @Override
    public void acknowledged(Target leader, long offset, RecordBatch batch) {
        stage.watch().acknowledged(leader, offset, batch);
    }

    @Override
    public void toldStable(Target leader, long lastStableOffset) {
        stage.watch().toldStable(leader, lastStableOffset);
    }
}
