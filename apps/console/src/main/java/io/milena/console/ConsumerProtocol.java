package io.milena.console;

import io.milena.protocol.MalformedMessageException;
import io.milena.protocol.Message;
import io.milena.protocol.WireReader;
import io.milena.protocol.WireWriter;
import io.milena.protocol.message.ConsumerProtocolAssignment;
import io.milena.protocol.message.ConsumerProtocolSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the members of a consumer group tell each other through the coordinator, which does not read it: a version, and a message of that version. */
final class ConsumerProtocol {
    /** What others write may be newer: the fields that are known come first. */
    private static final short ASSIGNMENT_MAX = 3;

    private static final short SUBSCRIPTION_MAX = 3;
    private static final short WRITTEN = 0;

    private ConsumerProtocol() {}

    /** Partitions by topic; empty where it is none, as in groups that are not of consumers. */
    static Map<String, List<Integer>> assignment(ByteBuffer bytes) {
        Map<String, List<Integer>> assigned = new TreeMap<>();
        ByteBuffer in = bytes.duplicate();
        if (in.remaining() < Short.BYTES) {
            return assigned;
        }
        try {
            short version = (short) Math.clamp(in.getShort(), 0, ASSIGNMENT_MAX);
            for (ConsumerProtocolAssignment.TopicPartition each :
                    ConsumerProtocolAssignment.read(new WireReader(in), version).assignedPartitions()) {
                assigned.computeIfAbsent(each.topic(), topic -> new ArrayList<>())
                        .addAll(each.partitions());
            }
            return assigned;
        } catch (MalformedMessageException e) {
            return Map.of();
        }
    }

    /** The topics that a member wants; empty where it does not say. */
    static List<String> subscription(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate();
        if (in.remaining() < Short.BYTES) {
            return List.of();
        }
        try {
            short version = (short) Math.clamp(in.getShort(), 0, SUBSCRIPTION_MAX);
            return ConsumerProtocolSubscription.read(new WireReader(in), version)
                    .topics();
        } catch (MalformedMessageException e) {
            return List.of();
        }
    }

    static ByteBuffer subscription(List<String> topics) {
        return written(ConsumerProtocolSubscription.builder()
                .topics(topics)
                .userData(null)
                .build());
    }

    static ByteBuffer assignment(Map<String, List<Integer>> partitions) {
        return written(ConsumerProtocolAssignment.builder()
                .assignedPartitions(partitions.entrySet().stream()
                        .map(each -> new ConsumerProtocolAssignment.TopicPartition(each.getKey(), each.getValue()))
                        .toList())
                .userData(null)
                .build());
    }

    private static ByteBuffer written(Message message) {
        WireWriter out = new WireWriter();
        out.int16(WRITTEN);
        message.write(out, WRITTEN);
        return out.toBuffer();
    }
}
