package io.milena.metadata;

import io.milena.metadata.ClusterImage.Resource;
import io.milena.metadata.ClusterImage.Topic;
import io.milena.protocol.Message;
import io.milena.protocol.record.BrokerRegistrationChangeRecord;
import io.milena.protocol.record.ConfigRecord;
import io.milena.protocol.record.FeatureLevelRecord;
import io.milena.protocol.record.NoOpRecord;
import io.milena.protocol.record.PartitionChangeRecord;
import io.milena.protocol.record.PartitionRecord;
import io.milena.protocol.record.ProducerIdsRecord;
import io.milena.protocol.record.RegisterBrokerRecord;
import io.milena.protocol.record.RemoveTopicRecord;
import io.milena.protocol.record.TopicRecord;
import io.milena.protocol.record.UnregisterBrokerRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Batches of records that may follow an image. */
final class RandomRecords {
    private RandomRecords() {}

    static List<Message> batch(ClusterImage image, Random random) {
        List<Topic> topics = List.copyOf(image.topics());
        if (topics.size() < 3 || random.nextInt(4) == 0) {
            return newTopic(image, random);
        }
        Topic topic = topics.get(random.nextInt(topics.size()));
        int partitions = topic.partitions().size();
        return switch (random.nextInt(8)) {
            case 0 -> List.of(new RemoveTopicRecord(topic.id()));
            case 1 -> List.of(partition(topic.id(), partitions, random), partition(topic.id(), partitions + 1, random));
            case 2 -> List.of(change(topic.id(), random.nextInt(partitions), random), new NoOpRecord());
            case 3 -> List.of(setting(Resource.TOPIC, topic.name(), random), setting(Resource.BROKER, "", random));
            case 4 ->
                List.of(
                        setting(Resource.GROUP, "g" + random.nextInt(3), random),
                        setting(Resource.BROKER, "1", random));
            case 5 -> brokers(image, random);
            case 6 -> List.of(new FeatureLevelRecord("feature" + random.nextInt(3), (short) random.nextInt(3)));
            default -> List.of(new ProducerIdsRecord(1, 1, image.nextProducerId() + 1000));
        };
    }

    private static List<Message> newTopic(ClusterImage image, Random random) {
        String name = "topic" + random.nextInt(40);
        UUID id = new UUID(random.nextLong(), random.nextLong());
        if (image.topic(name) != null) {
            return List.of();
        }
        List<Message> records = new ArrayList<>();
        records.add(new TopicRecord(name, id));
        for (int index = 0; index <= random.nextInt(5); index++) {
            records.add(partition(id, index, random));
        }
        return records;
    }

    private static PartitionRecord partition(UUID topic, int index, Random random) {
        return PartitionRecord.builder()
                .topicId(topic)
                .partitionId(index)
                .replicas(List.of(1, 2))
                .isr(List.of(1))
                .leader(random.nextInt(3))
                .directories(List.of(new UUID(1, 1), new UUID(2, random.nextLong())))
                .build();
    }

    private static PartitionChangeRecord change(UUID topic, int index, Random random) {
        PartitionChangeRecord.Builder change =
                PartitionChangeRecord.builder().topicId(topic).partitionId(index);
        if (random.nextBoolean()) {
            change.leader(random.nextInt(5) - 1);
        }
        if (random.nextBoolean()) {
            change.isr(List.of(random.nextInt(5)));
        }
        if (random.nextBoolean()) {
            change.replicas(List.of(random.nextInt(5), 9)).directories(List.of(new UUID(3, 3), new UUID(4, 4)));
        }
        if (random.nextBoolean()) {
            change.leaderRecoveryState((byte) random.nextInt(2)).eligibleLeaderReplicas(List.of(random.nextInt(5)));
        }
        return change.build();
    }

    private static ConfigRecord setting(byte type, String name, Random random) {
        return new ConfigRecord(
                type, name, "setting" + random.nextInt(3), random.nextInt(3) == 0 ? null : "v" + random.nextInt(9));
    }

    private static List<Message> brokers(ClusterImage image, Random random) {
        int id = random.nextInt(3);
        RegisterBrokerRecord old = image.broker(id);
        if (old == null) {
            return List.of(RegisterBrokerRecord.builder()
                    .brokerId(id)
                    .brokerEpoch(random.nextInt(100))
                    .incarnationId(new UUID(random.nextLong(), 1))
                    .endPoints(
                            List.of(new RegisterBrokerRecord.BrokerEndpoint("PLAINTEXT", "localhost", 9092, (short) 0)))
                    .logDirs(List.of(new UUID(5, 5)))
                    .fenced(random.nextBoolean())
                    .build());
        }
        if (random.nextBoolean()) {
            return List.of(new UnregisterBrokerRecord(id, old.brokerEpoch()));
        }
        return List.of(BrokerRegistrationChangeRecord.builder()
                .brokerId(id)
                .brokerEpoch(old.brokerEpoch())
                .fenced((byte) (random.nextInt(3) - 1))
                .build());
    }
}
