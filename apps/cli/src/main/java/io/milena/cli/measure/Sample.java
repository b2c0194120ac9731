package io.milena.cli.measure;

import java.util.Map;

/**
 * What a cluster held at one moment.
 *
 * @param atMs on a clock that only goes forward
 */
public record Sample(long atMs, int brokers, Map<String, Topic> topics, Map<String, Group> groups) {
    /**
     * @param records the sum of the end offsets
     * @param bytes the size of the leaders' logs
     */
    public record Topic(int partitions, long records, long bytes) {}

    /**
     * @param lag what is committed less than written
     * @param committed the sum of the committed offsets
     */
    public record Group(int members, long lag, long committed, Map<String, Long> lagByTopic) {}
}
