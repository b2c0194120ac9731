package io.milena.log;

import java.util.ArrayList;
import java.util.List;

/** Which neighbouring segments become one when they are compacted: as many as fit into one before it is known what they lose, as Apache Kafka does. */
final class SegmentGroups {
    private SegmentGroups() {}

    /**
     * Groups in the order of the log, each with at least one segment.
     *
     * @param endOffset where the last of the segments ends
     * @param bytesMax {@code segment.bytes}
     */
    static List<List<Segment>> of(List<Segment> segments, long endOffset, int bytesMax) {
        List<List<Segment>> groups = new ArrayList<>();
        List<Segment> group = new ArrayList<>();
        long groupBytes = 0;
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            long end = i + 1 < segments.size() ? segments.get(i + 1).baseOffset() : endOffset;
            boolean fits = !group.isEmpty()
                    && groupBytes + segment.sizeInBytes() <= bytesMax
                    && end - 1 - group.getFirst().baseOffset() <= Integer.MAX_VALUE;
            if (!fits && !group.isEmpty()) {
                groups.add(List.copyOf(group));
                group.clear();
                groupBytes = 0;
            }
            group.add(segment);
            groupBytes += segment.sizeInBytes();
        }
        if (!group.isEmpty()) {
            groups.add(List.copyOf(group));
        }
        return groups;
    }
}
