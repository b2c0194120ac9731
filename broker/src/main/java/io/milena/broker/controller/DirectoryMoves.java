package io.milena.broker.controller;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.broker.peers.ControllerLink;
import io.milena.log.LogMove;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AssignReplicasToDirsRequest;
import io.milena.protocol.message.AssignReplicasToDirsRequest.DirectoryData;
import io.milena.protocol.message.AssignReplicasToDirsRequest.PartitionData;
import io.milena.protocol.message.AssignReplicasToDirsRequest.TopicData;
import io.milena.protocol.message.AssignReplicasToDirsResponse;
import io.milena.runtime.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Ends the moves between the data directories of a broker among others (KIP-858): the active controller notes where the replica will be, and then it is there. The note comes first, and nothing is held while
 * it is waited for: were appends waiting meanwhile, as they do where a broker is alone, a change of the leader that came before the note could not be followed, and the note would never come.
 *
 * <p>A process that ends between the two finds the log where it was, and serves it there.
 */
public record DirectoryMoves(ClusterMetadata metadata, ControllerLink controller, LongSupplier brokerEpoch, Clock clock)
        implements LogMove.Finisher {
    private static final System.Logger LOG = System.getLogger(DirectoryMoves.class.getName());
    private static final int VERSION = 0;
    private static final long RETRY_MS = 500;

    @Override
    public boolean finish(LogMove move) throws IOException, InterruptedException {
        while (!move.isOver()) {
            ErrorCode error = note(move);
            if (error == ErrorCode.NONE) {
                return metadata.carryOut(move);
            }
            if (!error.isRetriable() && error != ErrorCode.STALE_BROKER_EPOCH && error != ErrorCode.NOT_CONTROLLER) {
                LOG.log(
                        Level.INFO,
                        "{0}-{1} is not moved: {2}",
                        move.log().topic(),
                        move.log().partition(),
                        error);
                return false;
            }
            clock.sleepMs(RETRY_MS);
        }
        return false;
    }

    private ErrorCode note(LogMove move) throws InterruptedException {
        AssignReplicasToDirsRequest request = new AssignReplicasToDirsRequest(
                metadata.localId(),
                brokerEpoch.getAsLong(),
                List.of(new DirectoryData(
                        move.target().id(),
                        List.of(new TopicData(
                                move.log().topicId(),
                                List.of(new PartitionData(move.log().partition())))))));
        try {
            AssignReplicasToDirsResponse response =
                    controller.ask(request, VERSION, AssignReplicasToDirsResponse.class);
            short error = response.errorCode();
            return ErrorCode.of(
                    error != ErrorCode.NONE.code()
                            ? error
                            : response.directories()
                                    .getFirst()
                                    .topics()
                                    .getFirst()
                                    .partitions()
                                    .getFirst()
                                    .errorCode());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A move waits for the controller: {0}", e.getMessage());
            return ErrorCode.NETWORK_EXCEPTION;
        }
    }
}
