package io.milena.metadata;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.Message;
import io.milena.protocol.message.BrokerHeartbeatRequest;
import io.milena.protocol.message.BrokerHeartbeatResponse;
import io.milena.protocol.record.RegisterBrokerRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers brokers' heartbeats: who may be unfenced, who is fenced, who may shut down.
 *
 * <pre>
 *               read its own registration
 *     FENCED ------------------------------> UNFENCED ---- wants to shut down, leads something ----> SHUTTING DOWN
 *       ^  \                                  |  |                                                      |
 *       |   '- wants to shut down: may go     |  '- leads nothing: fenced, may go                        |
 *       '---- wants it, or session ended -----'                  leads nothing and all know: fenced, may go
 * </pre>
 */
public final class BrokerHeartbeats {
    private final BrokerChanges changes;

    public BrokerHeartbeats(ControllerSettings settings) {
        this.changes = new BrokerChanges(settings);
    }

    /** What the answer says. */
    private enum State {
        FENCED,
        UNFENCED,
        SHUTTING_DOWN,
        MAY_GO
    }

    /**
     * @param lastOffset of the metadata log as of {@code image}
     */
    public Outcome<BrokerHeartbeatResponse> answer(
            ClusterImage image,
            BrokerLiveness liveness,
            BrokerHeartbeatRequest heartbeat,
            long lastOffset,
            long nowMs) {
        int id = heartbeat.brokerId();
        RegisterBrokerRecord broker = image.broker(id);
        if (broker == null || broker.brokerEpoch() != heartbeat.brokerEpoch()) {
            ErrorCode error = broker == null ? ErrorCode.BROKER_ID_NOT_REGISTERED : ErrorCode.STALE_BROKER_EPOCH;
            return Outcome.of(
                    BrokerHeartbeatResponse.builder().errorCode(error.code()).build());
        }
        List<Message> records = new ArrayList<>(changes.loseDirectories(image, id, heartbeat.offlineLogDirs()));
        ClusterImage now = image.replay(records);
        RegisterBrokerRecord current = now.broker(id);
        State state = next(now, current == null ? broker : current, heartbeat, liveness, lastOffset);
        records.addAll(
                switch (state) {
                    case UNFENCED -> changes.unfence(now, id);
                    case SHUTTING_DOWN -> changes.beginShutdown(now, id);
                    case FENCED, MAY_GO -> changes.fence(now, List.of(id));
                });
        boolean isFenced = state == State.FENCED || state == State.MAY_GO;
        if (state == State.MAY_GO) {
            liveness.forget(id); // it may be back sooner than a session ends
        } else {
            liveness.heard(id, broker.brokerEpoch(), heartbeat.currentMetadataOffset(), nowMs);
        }
        return new Outcome<>(
                records,
                BrokerHeartbeatResponse.builder()
                        .isCaughtUp(knowsItself(heartbeat))
                        .isFenced(isFenced)
                        .shouldShutDown(state == State.MAY_GO)
                        .build());
    }

    private static State next(
            ClusterImage image,
            RegisterBrokerRecord broker,
            BrokerHeartbeatRequest heartbeat,
            BrokerLiveness liveness,
            long lastOffset) {
        int id = broker.brokerId();
        if (broker.fenced()) {
            if (heartbeat.wantShutDown()) {
                return State.MAY_GO;
            }
            boolean hasDirectory =
                    broker.logDirs().isEmpty() || !heartbeat.offlineLogDirs().containsAll(broker.logDirs());
            return knowsItself(heartbeat) && hasDirectory && !heartbeat.wantFence() ? State.UNFENCED : State.FENCED;
        }
        if (heartbeat.wantFence()) {
            return heartbeat.wantShutDown() ? State.MAY_GO : State.FENCED;
        }
        if (broker.inControlledShutdown()) {
            if (BrokerChanges.hasLeaderships(image, id)) {
                return State.SHUTTING_DOWN;
            }
            liveness.leadsNothing(id, broker.brokerEpoch(), lastOffset);
            return liveness.everyoneKnows(image, id, broker.brokerEpoch()) ? State.MAY_GO : State.SHUTTING_DOWN;
        }
        if (heartbeat.wantShutDown()) {
            return BrokerChanges.hasLeaderships(image, id) ? State.SHUTTING_DOWN : State.MAY_GO;
        }
        return State.UNFENCED;
    }

    /** It has read its own registration, whose offset is its epoch. */
    private static boolean knowsItself(BrokerHeartbeatRequest heartbeat) {
        return heartbeat.currentMetadataOffset() >= heartbeat.brokerEpoch();
    }
}
