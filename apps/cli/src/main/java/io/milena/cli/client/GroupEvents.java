package io.milena.cli.client;

import io.milena.protocol.message.DescribeGroupEventsRequest;
import io.milena.protocol.message.DescribeGroupEventsResponse;
import io.milena.protocol.message.DescribeGroupEventsResponse.GroupEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the coordinator of a group remembers of its members, in words; only Milena's brokers remember it. */
public final class GroupEvents {
    private static final int LATEST = 5;
    private static final long RECENT_MS = 600_000;

    /** Those that are reasons; what follows from them is seen in the state of the group. */
    private static final Map<String, String> WORDS = Map.of(
            "member-joined", "joined",
            "member-rejoined", "asked for another assignment",
            "member-restarted", "was restarted",
            "member-left", "left",
            "member-timed-out", "timed out",
            "member-late", "did not come back in time",
            "member-silent", "never asked for its assignment");

    private GroupEvents() {}

    /** One of them, at a time in ms since 1970 UTC. */
    public record Event(long timeMs, String what) {}

    /** The last few of the last minutes, the latest last; none where the brokers do not remember any. */
    public static List<Event> recent(ClusterClient client, String group, long nowMs) throws IOException {
        if (!client.isMilena()) {
            return List.of();
        }
        DescribeGroupEventsResponse response = client.sendOwnToCoordinator(
                group, new DescribeGroupEventsRequest(group), DescribeGroupEventsResponse.class);
        ClusterClient.check(response.errorCode(), "group " + group, response.errorMessage());
        List<Event> recent = response.events().stream()
                .filter(event -> WORDS.containsKey(event.kind()) && event.timeMs() > nowMs - RECENT_MS)
                .map(GroupEvents::inWords)
                .toList();
        return recent.subList(Math.max(0, recent.size() - LATEST), recent.size());
    }

    private static Event inWords(GroupEvent event) {
        String who = event.clientId().isEmpty() || event.memberId().startsWith(event.clientId())
                ? event.memberId()
                : event.clientId() + " (" + event.memberId() + ")";
        String why = event.reason().isEmpty() ? "" : " (" + event.reason() + ")";
        return new Event(event.timeMs(), "member " + who + " " + WORDS.get(event.kind()) + why);
    }
}
