package io.milena.metadata;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Kafka's topic settings. Where a setting has no effect yet, its documentation says so. */
public final class TopicSettingCatalog {
    private static final String WEEK_MS = "604800000";
    private static final Set<String> CODECS = Set.of("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer");
    private static final String NO_EFFECT = " Accepted, without effect yet.";

    public static final SettingCatalog CATALOG = SettingCatalog.create()
            .list(
                    "cleanup.policy",
                    "delete",
                    Set.of("compact", "delete"),
                    "log.cleanup.policy",
                    "What happens to old segments: delete, compact or both.")
            .string(
                    "compression.type",
                    "producer",
                    CODECS,
                    "compression.type",
                    "How batches are stored: as the producer sends them, or compressed anew with a codec.")
            .integerButZero(
                    "compression.gzip.level",
                    "-1",
                    -1,
                    9,
                    "compression.gzip.level",
                    "The level of gzip from 1 to 9, or -1 for its default, where batches are compressed anew.")
            .integer(
                    "compression.lz4.level",
                    "9",
                    1,
                    17,
                    "compression.lz4.level",
                    "The level of lz4, where batches are compressed anew.")
            .integer(
                    "compression.zstd.level",
                    "3",
                    -131072,
                    22,
                    "compression.zstd.level",
                    "The level of zstd, where batches are compressed anew.")
            .longInteger(
                    "delete.retention.ms",
                    "86400000",
                    0,
                    "log.cleaner.delete.retention.ms",
                    "How long tombstones of a compacted topic are kept, in ms.")
            .bool(
                    "errors.deadletterqueue.group.enable",
                    "false",
                    null,
                    "Whether share groups may put what they cannot process into this topic." + NO_EFFECT)
            .longInteger(
                    "file.delete.delay.ms",
                    "60000",
                    0,
                    "log.segment.delete.delay.ms",
                    "How long a removed file is kept under another name, in ms.")
            .longInteger(
                    "flush.messages",
                    "9223372036854775807",
                    1,
                    "log.flush.interval.messages",
                    "Force after this many records. Without effect: acks=all is forced anyway, the rest by log.flush.scheduler.interval.ms.")
            .longInteger(
                    "flush.ms",
                    "9223372036854775807",
                    0,
                    "log.flush.interval.ms",
                    "Force after this time, in ms. Without effect: acks=all is forced anyway, the rest by log.flush.scheduler.interval.ms.")
            .partitionsAndBrokers(
                    "follower.replication.throttled.replicas",
                    "Replicas whose copying is held back where they are fetched to, by follower.replication.throttled.rate.")
            .integer(
                    "index.interval.bytes",
                    "4096",
                    0,
                    Integer.MAX_VALUE,
                    "log.index.interval.bytes",
                    "Bytes of records between two index entries.")
            .partitionsAndBrokers(
                    "leader.replication.throttled.replicas",
                    "Replicas whose copying is held back where they are fetched from, by leader.replication.throttled.rate.")
            .longInteger(
                    "local.retention.bytes",
                    "-2",
                    -2,
                    "log.local.retention.bytes",
                    "Bytes kept locally of a tiered topic." + NO_EFFECT)
            .longInteger(
                    "local.retention.ms",
                    "-2",
                    -2,
                    "log.local.retention.ms",
                    "Time kept locally of a tiered topic, in ms." + NO_EFFECT)
            .longInteger(
                    "max.compaction.lag.ms",
                    "9223372036854775807",
                    1,
                    "log.cleaner.max.compaction.lag.ms",
                    "The longest time before a record is compacted, in ms.")
            .integer(
                    "max.decompressed.message.bytes",
                    "2147483639",
                    1,
                    2147483639,
                    "max.decompressed.message.bytes",
                    "The largest single record after decompression, in bytes." + NO_EFFECT)
            .integer(
                    "max.message.bytes",
                    "1048588",
                    0,
                    Integer.MAX_VALUE,
                    "message.max.bytes",
                    "The largest record batch, in bytes.")
            .longInteger(
                    "message.timestamp.after.max.ms",
                    "3600000",
                    0,
                    "log.message.timestamp.after.max.ms",
                    "How far ahead of the broker's clock a timestamp may be, in ms.")
            .longInteger(
                    "message.timestamp.before.max.ms",
                    "9223372036854775807",
                    0,
                    "log.message.timestamp.before.max.ms",
                    "How far behind the broker's clock a timestamp may be, in ms.")
            .string(
                    "message.timestamp.type",
                    "CreateTime",
                    Set.of("CreateTime", "LogAppendTime"),
                    "log.message.timestamp.type",
                    "Whose clock gives the timestamps: the producer's or the broker's.")
            .string(
                    "milena.durability",
                    "forced",
                    Set.of("forced", "written"),
                    "milena.durability",
                    "When acks=all answers and consumers see a record: forced to disk, or written to the page cache as Apache Kafka does.")
            .number(
                    "min.cleanable.dirty.ratio",
                    "0.5",
                    0,
                    1,
                    "log.cleaner.min.cleanable.ratio",
                    "The share of a log that must be new before it is compacted.")
            .longInteger(
                    "min.compaction.lag.ms",
                    "0",
                    0,
                    "log.cleaner.min.compaction.lag.ms",
                    "The shortest time before a record is compacted, in ms.")
            .integer(
                    "min.insync.replicas",
                    "1",
                    1,
                    Integer.MAX_VALUE,
                    "min.insync.replicas",
                    "How many replicas must have a record before acks=all answers. One broker has one.")
            .bool("preallocate", "false", "log.preallocate", "Whether segment files are made in full size." + NO_EFFECT)
            .longInteger(
                    "remote.copy.lag.bytes",
                    "-1",
                    -1,
                    "log.remote.copy.lag.bytes",
                    "How far a segment of a tiered topic lies back before it is copied, in bytes." + NO_EFFECT)
            .longInteger(
                    "remote.copy.lag.ms",
                    "0",
                    -1,
                    "log.remote.copy.lag.ms",
                    "How old a segment of a tiered topic is before it is copied, in ms." + NO_EFFECT)
            .bool(
                    "remote.log.copy.disable",
                    "false",
                    null,
                    "Whether a tiered topic takes no new data to its second tier." + NO_EFFECT)
            .bool(
                    "remote.log.delete.on.disable",
                    "false",
                    null,
                    "Whether the second tier is emptied when a topic is no longer tiered." + NO_EFFECT)
            .bool("remote.storage.enable", "false", null, "Whether the topic is tiered. It cannot be.")
            .longInteger(
                    "retention.bytes",
                    "-1",
                    Long.MIN_VALUE,
                    "log.retention.bytes",
                    "The size of a partition above which old segments go, in bytes; -1, as any other negative number, for no limit.")
            .longInteger(
                    "retention.ms",
                    WEEK_MS,
                    -1,
                    "log.retention.ms",
                    "The age at which segments go, in ms; -1 for no limit.")
            .integer(
                    "segment.bytes",
                    "1073741824",
                    1024,
                    Integer.MAX_VALUE,
                    "log.segment.bytes",
                    "The size at which a new segment starts, in bytes. Apache Kafka allows no less than 1048576.")
            .integer(
                    "segment.index.bytes",
                    "10485760",
                    4,
                    Integer.MAX_VALUE,
                    "log.index.size.max.bytes",
                    "The largest index file, in bytes. Without effect: index files are as large as they must be.")
            .longInteger(
                    "segment.jitter.ms",
                    "0",
                    0,
                    "log.roll.jitter.ms",
                    "By how much of segment.ms segments may roll earlier, in ms; each partition by another part of it.")
            .longInteger("segment.ms", WEEK_MS, 1, "log.roll.ms", "The age at which a new segment starts, in ms.")
            .bool(
                    "unclean.leader.election.enable",
                    "false",
                    "unclean.leader.election.enable",
                    "Whether a replica that is not in sync may lead when no other can; records may be lost then.");

    private TopicSettingCatalog() {}

    /**
     * Why values that are allowed one by one are not allowed together, or null when they are.
     *
     * @param values of one topic; what is missing has its default
     */
    static @Nullable String conflict(Map<String, String> values) {
        if (values.getOrDefault("remote.storage.enable", "false").equals("true")) {
            return "Invalid value true for configuration remote.storage.enable: tiered storage is not available, it must be false";
        }
        long shortestMs = number(values, "min.compaction.lag.ms");
        long longestMs = number(values, "max.compaction.lag.ms");
        return shortestMs > longestMs
                ? "min.compaction.lag.ms (" + shortestMs + ") must not be larger than max.compaction.lag.ms ("
                        + longestMs + ")"
                : null;
    }

    private static long number(Map<String, String> values, String name) {
        String value = values.get(name);
        return Long.parseLong(value == null ? CATALOG.defaultOf(name) : value);
    }
}
