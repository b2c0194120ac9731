package io.milena.simulator;

import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterReplicaLogDirsRequest;
import io.milena.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.milena.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.milena.protocol.message.AlterReplicaLogDirsResponse;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.testkit.SimulatedEnvironment;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Has partitions moved between the broker's data directories, one after another, until the others have done their work. */
final class Mover extends Client {
    private final List<String> topics;
    private final int partitions;
    private final BooleanSupplier isOver;
    private @Nullable Wish wish;
    private int arrivals;

    /** What was asked for last. */
    private record Wish(String topic, int partition, String directory) {}

    Mover(SimulatedEnvironment world, List<String> topics, int partitions, BooleanSupplier isOver) {
        super(world);
        this.topics = topics;
        this.partitions = partitions;
        this.isOver = isOver;
    }

    /** How many partitions were seen where they had been asked to go. */
    int arrivals() {
        return arrivals;
    }

    @Override
    boolean work(WireClient connection) throws IOException {
        Wish present = wish;
        if (present == null || random.nextInt(20) == 0) {
            wish = ask(connection);
        } else if (hasArrived(connection, present)) {
            arrivals++;
            wish = null;
        }
        return isOver.getAsBoolean();
    }

    private @Nullable Wish ask(WireClient connection) throws IOException {
        Wish fresh = new Wish(
                topics.get(random.nextInt(topics.size())),
                random.nextInt(partitions),
                BrokerHost.DIRECTORIES.get(random.nextInt(BrokerHost.DIRECTORIES.size())));
        boolean isThere = hasArrived(connection, fresh);
        AlterReplicaLogDirsRequest request = new AlterReplicaLogDirsRequest(List.of(new AlterReplicaLogDir(
                fresh.directory, List.of(new AlterReplicaLogDirTopic(fresh.topic, List.of(fresh.partition))))));
        ErrorCode error = ErrorCode.of(connection
                .ask(request, 2, AlterReplicaLogDirsResponse.class)
                .results()
                .getFirst()
                .partitions()
                .getFirst()
                .errorCode());
        if (error != ErrorCode.NONE && error != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            throw new History.Violation("moving a partition was refused: " + error);
        }
        return error == ErrorCode.NONE && !isThere ? fresh : null;
    }

    private static boolean hasArrived(WireClient connection, Wish wish) throws IOException {
        return connection.ask(new DescribeLogDirsRequest(null), 4, DescribeLogDirsResponse.class).results().stream()
                .filter(directory -> directory.logDir().equals(wish.directory))
                .flatMap(directory -> directory.topics().stream())
                .filter(topic -> topic.name().equals(wish.topic))
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(partition -> partition.partitionIndex() == wish.partition && !partition.isFutureKey());
    }
}
