package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.AlterReplicaLogDirsRequest;
import io.milena.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.milena.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.milena.protocol.message.AlterReplicaLogDirsResponse;
import io.milena.protocol.message.AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult;
import io.milena.protocol.message.AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** AlterReplicaLogDirs: begins to move partitions to other data directories, which a restart goes on with; DescribeLogDirs tells how far they are. */
public final class AlterReplicaLogDirsHandler implements ApiHandler<AlterReplicaLogDirsRequest> {
    private final LogDirectories directories;
    private final Placing placing;

    /** Moves a partition, now or when it is created. */
    @FunctionalInterface
    public interface Placing {
        ErrorCode place(String topic, int partition, LogDirectory directory);
    }

    public AlterReplicaLogDirsHandler(LogDirectories directories, Placing placing) {
        this.directories = directories;
        this.placing = placing;
    }

    @Override
    public Answer handle(AlterReplicaLogDirsRequest request, RequestContext context) {
        Map<String, List<AlterReplicaLogDirPartitionResult>> results = new LinkedHashMap<>();
        for (AlterReplicaLogDir wanted : request.dirs()) {
            for (AlterReplicaLogDirTopic topic : wanted.topics()) {
                for (int partition : topic.partitions()) {
                    ErrorCode error = place(topic.name(), partition, wanted.path());
                    results.computeIfAbsent(topic.name(), name -> new ArrayList<>())
                            .add(new AlterReplicaLogDirPartitionResult(partition, error.code()));
                }
            }
        }
        directories.moves().remember();
        return Answer.now(new AlterReplicaLogDirsResponse(
                0,
                results.entrySet().stream()
                        .map(topic -> new AlterReplicaLogDirTopicResult(topic.getKey(), topic.getValue()))
                        .toList()));
    }

    private ErrorCode place(String topic, int partition, String path) {
        Optional<Path> known = directories.paths().stream()
                .filter(each -> each.toAbsolutePath().toString().equals(path))
                .findFirst();
        if (known.isEmpty()) {
            return ErrorCode.LOG_DIR_NOT_FOUND;
        }
        LogDirectory directory = directories.online(known.get());
        return directory == null ? ErrorCode.KAFKA_STORAGE_ERROR : placing.place(topic, partition, directory);
    }
}
