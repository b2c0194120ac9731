package io.milena.console;

import io.milena.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.milena.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.List;

/** Partitions of a topic by their numbers; all where none is named. */
final class ChosenPartitions {
    private ChosenPartitions() {}

    /** @throws BadRequest if a name is no number of a partition of the topic */
    static List<Integer> of(List<String> named, MetadataResponseTopic topic) throws BadRequest {
        List<Integer> chosen = new ArrayList<>();
        for (String each : named) {
            chosen.add((int)
                    Request.number("partition", each, 0, topic.partitions().size() - 1L));
        }
        return chosen.isEmpty() ? all(topic) : chosen;
    }

    /** The same for numbers. */
    static List<Integer> ofNumbers(List<Integer> numbers, MetadataResponseTopic topic) throws BadRequest {
        return of(numbers.stream().map(String::valueOf).toList(), topic);
    }

    static List<Integer> all(MetadataResponseTopic topic) {
        return topic.partitions().stream()
                .map(MetadataResponsePartition::partitionIndex)
                .sorted()
                .toList();
    }
}
