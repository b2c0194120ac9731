package io.milena.broker.partitions;

import io.milena.broker.api.Answer;
import io.milena.broker.api.ApiHandler;
import io.milena.broker.api.RequestContext;
import io.milena.log.Log;
import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.log.LogMove;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private List<DescribeLogDirsTopic> topics(LogDirectory directory, @Nullable List<DescribableLogDirTopic> asked) {
        Map<String, List<DescribeLogDirsPartition>> byTopic = new TreeMap<>();
        for (Log log : directory.logs()) {
            if (isAsked(log, asked)) {
                byTopic.computeIfAbsent(log.topic(), name -> new ArrayList<>()).add(describe(log));
            }
        }
        for (LogMove move : directories.moves().all()) {
            if (move.target().equals(directory) && isAsked(move.log(), asked)) {
                byTopic.computeIfAbsent(move.log().topic(), name -> new ArrayList<>())
                        .add(describe(move));
            }
        }
        return byTopic.entrySet().stream()
                .map(topic -> new DescribeLogDirsTopic(topic.getKey(), topic.getValue()))
                .toList();
    }

    private static boolean isAsked(Log log, @Nullable List<DescribableLogDirTopic> asked) {
        return asked == null
                || asked.stream()
                        .anyMatch(topic -> topic.topic().equals(log.topic())
                                && topic.partitions().contains(log.partition()));
    }

    private static DescribeLogDirsPartition describe(Log log) {
        return DescribeLogDirsPartition.builder()
                .partitionIndex(log.partition())
                .partitionSize(log.sizeInBytes())
                .offsetLag(0)
                .isFutureKey(false)
                .build();
    }

    /** What is on its way here. */
    private static DescribeLogDirsPartition describe(LogMove move) {
        return DescribeLogDirsPartition.builder()
                .partitionIndex(move.log().partition())
                .partitionSize(move.sizeInBytes())
                .offsetLag(move.offsetLag())
                .isFutureKey(true)
                .build();
    }
}
