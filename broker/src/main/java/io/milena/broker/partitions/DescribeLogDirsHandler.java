package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.log.Log;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
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

/** DescribeLogDirs: each data directory with the sizes of its partitions, and how full its file system is. One that does not work says no more than that. */
public final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequest> {
    private final LogDirectories directories;

    public DescribeLogDirsHandler(LogDirectories directories) {
        this.directories = directories;
    }

    @Override
    public Answer handle(DescribeLogDirsRequest request, RequestContext context) {
        return Answer.now(DescribeLogDirsResponse.builder()
                .results(directories.paths().stream()
                        .map(path -> describe(path, request.topics()))
                        .toList())
                .build());
    }

    private DescribeLogDirsResult describe(Path path, @Nullable List<DescribableLogDirTopic> asked) {
        DescribeLogDirsResult.Builder result =
                DescribeLogDirsResult.builder().logDir(path.toAbsolutePath().toString());
        LogDirectory directory = directories.online(path);
        if (directory == null) {
            return result.errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code()).build();
        }
        try {
            FileStore store = Files.getFileStore(path);
            result.totalBytes(store.getTotalSpace()).usableBytes(store.getUsableSpace());
        } catch (IOException e) {
            return result.errorCode(ErrorCode.KAFKA_STORAGE_ERROR.code()).build();
        }
        return result.topics(topics(directory, asked)).build();
    }

    private static List<DescribeLogDirsTopic> topics(
            LogDirectory directory, @Nullable List<DescribableLogDirTopic> asked) {
        Map<String, List<DescribeLogDirsPartition>> byTopic = directory.logs().stream()
                .filter(log -> asked == null || isAsked(log, asked))
                .collect(Collectors.groupingBy(
                        Log::topic,
                        TreeMap::new,
                        Collectors.mapping(DescribeLogDirsHandler::describe, Collectors.toList())));
        return byTopic.entrySet().stream()
                .map(topic -> new DescribeLogDirsTopic(topic.getKey(), topic.getValue()))
                .toList();
    }

    private static boolean isAsked(Log log, List<DescribableLogDirTopic> asked) {
        return asked.stream()
                .anyMatch(topic ->
                        topic.topic().equals(log.topic()) && topic.partitions().contains(log.partition()));
    }

    private static DescribeLogDirsPartition describe(Log log) {
        return DescribeLogDirsPartition.builder()
                .partitionIndex(log.partition())
                .partitionSize(log.sizeInBytes())
                .offsetLag(0)
                .isFutureKey(false)
                .build();
    }
}
