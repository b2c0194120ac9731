package io.milena.groups;

import java.util.List;
import java.util.UUID;

/**
 * A group as monitoring sees it.
 *
 * @param state as clients are told
 */
public record GroupSummary(String groupId, String state, int members, List<Offset> offsets) {
    /**
     * What a group has committed for one partition.
     *
     * @param topicId all zeros where it is not known
     */
    public record Offset(String topic, UUID topicId, int partition, long offset) {}
}
