package io.milena.compatibility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;

/** An administrator's client deletes a topic, `milena topics` has it back; a broker that cannot do it is not disturbed by the question. */
class TopicRestorationTest {
    private static ExternalProgram.Result milena(String words) {
        List<String> arguments = new ArrayList<>(Arrays.asList(words.split(" ")));
        arguments.addAll(List.of("-b", BrokerUnderTest.address()));
        return ExternalProgram.run(Distribution.command(arguments.toArray(String[]::new)));
    }

    private static TopicDescription description(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    }

    private static List<String> records(String topic, int count) {
        try (KafkaConsumer<String, String> consumer = BrokerUnderTest.consumer(Map.of())) {
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(partition ->
                            new org.apache.kafka.common.TopicPartition(partition.topic(), partition.partition()))
                    .toList());
            return BrokerUnderTest.poll(consumer, count).stream()
                    .map(TopicRestorationTest::line)
                    .sorted()
                    .toList();
        }
    }

    private static String line(ConsumerRecord<String, String> record) {
        return record.partition() + "@" + record.offset() + " " + record.timestamp() + " " + record.value();
    }

    @Test
    void aDeletedTopicComesBackOrIsSaidToBeGone() throws Exception {
        // Given
        String topic = BrokerUnderTest.newTopic(3, Map.of("retention.ms", "987654321"));
        BrokerUnderTest.produce(topic, null, 50);
        List<String> before = records(topic, 50);
        try (Admin admin = BrokerUnderTest.admin()) {
            TopicDescription described = description(admin, topic);
            admin.deleteTopics(List.of(topic)).all().get();
            // When
            ExternalProgram.Result result = milena("topics restore " + topic);
            // Then
            if (BrokerUnderTest.isMilena()) {
                assertEquals(
                        "Restored " + topic + " with 3 partition(s); groups go on where they had committed\n",
                        result.expectSuccess().output());
                assertEquals(described.topicId(), description(admin, topic).topicId());
                assertEquals("987654321", BrokerUnderTest.setting(admin, topic, "retention.ms"));
                assertEquals(before, records(topic, 50));
            } else {
                assertEquals(1, result.exit());
                assertEquals(1, result.errors().lines().count(), result.errors());
                assertTrue(result.errors().contains("keeps no deleted topics"), result.errors());
                assertFalse(milena("topics deleted").errors().isEmpty());
            }
        }
    }
}
