package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.DescribeLogDirsRequest;
import io.milena.protocol.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.milena.protocol.message.DescribeLogDirsResponse;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.milena.protocol.message.DescribeLogDirsResponse.DescribeLogDirsTopic;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** DescribeLogDirs: the sizes of the partitions in the data directory, and how full its file system is. */
public final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequest> {
    private final Partitions partitions;
    private final Path directory;

    public DescribeLogDirsHandler(Partitions partitions, Path directory) {
        this.partitions = partitions;
        this.directory = directory;
    }

    @Override
    public Answer handle(DescribeLogDirsRequest request, RequestContext context) {
        DescribeLogDirsResult.Builder result = DescribeLogDirsResult.builder()
                .logDir(directory.toAbsolutePath().toString());
        try {
            FileStore store = Files.getFileStore(directory);
            result.topics(topics(request.topics()))
                    .totalBytes(store.getTotalSpace())
                    .usableBytes(store.getUsableSpace());
        } catch (IOException e) {
            result.errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code());
        }
        return Answer.now(DescribeLogDirsResponse.builder()
                .results(List.of(result.build()))
                .build());
    }

    private List<DescribeLogDirsTopic> topics(@Nullable List<DescribableLogDirTopic> asked) {
        Map<String, List<DescribeLogDirsPartition>> byTopic = partitions.all().stream()
                .filter(partition -> asked == null || isAsked(partition, asked))
                .collect(Collectors.groupingBy(
                        Partition::topic,
                        TreeMap::new,
                        Collectors.mapping(DescribeLogDirsHandler::describe, Collectors.toList())));
        return byTopic.entrySet().stream()
                .map(topic -> new DescribeLogDirsTopic(topic.getKey(), topic.getValue()))
                .toList();
    }

    private static boolean isAsked(Partition partition, List<DescribableLogDirTopic> asked) {
        return asked.stream()
                .anyMatch(topic -> topic.topic().equals(partition.topic())
                        && topic.partitions().contains(partition.index()));
    }

    private static DescribeLogDirsPartition describe(Partition partition) {
        return DescribeLogDirsPartition.builder()
                .partitionIndex(partition.index())
                .partitionSize(partition.log().sizeInBytes())
                .offsetLag(0)
                .isFutureKey(false)
                .build();
    }
}
