package io.milena.compatibility;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what transactions have committed, and nothing else, from the broker under test. */
final class ReadCommitted {
    private ReadCommitted() {}

    /** The first records of a partition, as soon as there are so many. */
    static List<ConsumerRecord<String, String>> records(String topic, int partition, int count) {
        try (KafkaConsumer<String, String> reader =
                BrokerUnderTest.consumer(Map.of("isolation.level", "read_committed"))) {
            reader.assign(List.of(new TopicPartition(topic, partition)));
            return BrokerUnderTest.poll(reader, count);
        }
    }

    /** The values of {@link #records}. */
    static List<String> values(String topic, int partition, int count) {
        return records(topic, partition, count).stream()
                .map(ConsumerRecord::value)
                .toList();
    }

    /** A member of a group that commits nothing by itself, as a program is that copies in transactions. */
    static KafkaConsumer<String, String> member(String protocol, String group) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "group.id",
                group,
                "group.protocol",
                protocol,
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false));
        if (protocol.equals("classic")) { // of the other protocol's, brokers say how often
            settings.put("heartbeat.interval.ms", 200);
        }
        return BrokerUnderTest.consumer(settings);
    }
}
