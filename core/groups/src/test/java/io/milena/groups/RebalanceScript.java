package io.milena.groups;

import io.milena.groups.Command.CommitOffsets;
import io.milena.protocol.ApiMessage;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.message.HeartbeatRequest;
import io.milena.protocol.message.JoinGroupRequest;
import io.milena.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.milena.protocol.message.JoinGroupResponse;
import io.milena.protocol.message.LeaveGroupRequest;
import io.milena.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.milena.protocol.message.OffsetCommitRequest;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.milena.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.milena.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.milena.protocol.message.SyncGroupRequest;
import io.milena.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plain-text story of one group {@code g}. A line of the story is a command; what the shard does upon it follows, indented by two
 * blanks, one line for each record and each answer. {@code #} begins a comment.
 *
 * <pre>
 * settings delay=3000 members=10        before anything else
 * join a v=9 protocols=range:orders     as client a, with the member id it was last given; id=, instance=, session=, rebalance=, type=
 * sync a a#1=p0 b#2=p1                  with these assignments; gen=
 * heartbeat a                           gen=, id=, instance=
 * leave a                               v=, id=, instance=
 * commit a orders-0=5                   gen=, id=
 * at 3000                               lets the time come, timers included
 * fail NOT_ENOUGH_REPLICAS              the next append fails
 * restart | move                        the broker comes back from its log | the partition goes to another one
 * describe | offsets
 * </pre>
 */
final class RebalanceScript implements ShardHost.Listener {
    private static final String GROUP = "g";

    private final List<String> transcript = new ArrayList<>();
    private final Map<Long, String> askers = new HashMap<>();
    private final Map<String, String> memberIds = new HashMap<>();
    private final Map<String, Integer> generations = new HashMap<>();
    private GroupSettings settings = GroupSettings.defaults();
    private @Nullable ShardHost host;
    private long tokens;
    private long newMembers;

    /** The story with what happened. */
    static String run(String script) {
        RebalanceScript running = new RebalanceScript();
        script.lines().filter(line -> !line.startsWith("  ")).forEach(running::line);
        return String.join("\n", running.transcript) + "\n";
    }

    /** What a timeline of the group would show of the story, a line for each event. */
    static String timeline(String script) {
        RebalanceScript running = new RebalanceScript();
        script.lines().forEach(running::line);
        return running.host().events().stream()
                .map(event -> String.join(
                                " ",
                                event.kind().text(),
                                event.generation() + "/" + event.members(),
                                event.memberId(),
                                event.reason())
                        .strip()
                        .replaceAll("-[0-]{20,}(\\d+)", "#$1"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private void line(String line) {
        transcript.add(line);
        if (!line.isBlank() && !line.startsWith("#")) {
            perform(Words.of(line));
        }
    }

    private void perform(Words words) {
        switch (words.command()) {
            case "settings" ->
                settings = settings.withInitialRebalanceDelayMs(words.number("delay", 3000))
                        .withMembersMax(words.number("members", Integer.MAX_VALUE));
            case "join" -> join(words);
            case "sync" -> sync(words);
            case "heartbeat" -> heartbeat(words);
            case "leave" -> leave(words);
            case "commit" -> commit(words);
            case "at" -> host().advanceTo(Long.parseLong(words.actor()));
            case "fail" -> host().failNextAppend(ErrorCode.valueOf(words.actor()));
            case "restart" -> host().restart();
            case "move" -> host().moveToAnotherBroker();
            case "describe" -> tell(Transcript.of(host().shard().describe(GROUP, (short) 6)));
            case "offsets" ->
                tell(Transcript.of(host().shard()
                        .offsets(OffsetFetchRequestGroup.builder()
                                .groupId(GROUP)
                                .topics(null)
                                .build())));
            default -> throw new IllegalArgumentException("not a command: " + words);
        }
    }

    private ShardHost host() {
        if (host == null) {
            host = new ShardHost(settings, this);
        }
        return host;
    }

    private void join(Words words) {
        List<JoinGroupRequestProtocol> protocols = new ArrayList<>();
        for (String protocol : words.text("protocols", "range:orders").split(",")) {
            String[] nameAndTopic = protocol.split(":");
            protocols.add(JoinGroupRequestProtocol.builder()
                    .name(nameAndTopic[0])
                    .metadata(Requests.subscription(nameAndTopic[1]))
                    .build());
        }
        JoinGroupRequest request = JoinGroupRequest.builder()
                .groupId(GROUP)
                .memberId(memberId(words))
                .groupInstanceId(words.textOrNull("instance"))
                .reason(words.textOrNull("reason"))
                .protocolType(words.text("type", "consumer"))
                .sessionTimeoutMs(words.number("session", 10_000))
                .rebalanceTimeoutMs(words.number("rebalance", 60_000))
                .protocols(protocols)
                .build();
        RequestContext context = context(words, 9);
        newMembers += request.memberId().isEmpty() ? 1 : 0;
        host().handle(new Command.JoinGroup(context, request, new UUID(0, newMembers)));
    }

    private void sync(Words words) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        for (String assignment : words.plain()) {
            String[] memberAndBytes = assignment.split("=", 2);
            assignments.add(SyncGroupRequestAssignment.builder()
                    .memberId(Transcript.memberId(memberAndBytes[0]))
                    .assignment(ByteBuffer.wrap(memberAndBytes[1].getBytes(StandardCharsets.UTF_8)))
                    .build());
        }
        SyncGroupRequest request = SyncGroupRequest.builder()
                .groupId(GROUP)
                .memberId(memberId(words))
                .groupInstanceId(words.textOrNull("instance"))
                .generationId(generation(words))
                .assignments(assignments)
                .build();
        host().handle(new Command.SyncGroup(context(words, 4), request));
    }

    private void heartbeat(Words words) {
        HeartbeatRequest request = HeartbeatRequest.builder()
                .groupId(GROUP)
                .memberId(memberId(words))
                .groupInstanceId(words.textOrNull("instance"))
                .generationId(generation(words))
                .build();
        host().handle(new Command.Heartbeat(context(words, 4), request));
    }

    private void leave(Words words) {
        MemberIdentity identity = MemberIdentity.builder()
                .reason(words.textOrNull("reason"))
                .memberId(memberId(words))
                .groupInstanceId(words.textOrNull("instance"))
                .build();
        LeaveGroupRequest request = LeaveGroupRequest.builder()
                .groupId(GROUP)
                .members(List.of(identity))
                .build();
        host().handle(new Command.LeaveGroup(context(words, 5), request));
    }

    private void commit(Words words) {
        List<OffsetCommitRequestTopic> topics = new ArrayList<>();
        for (String offset : words.plain()) {
            String[] parts = offset.split("[-=]");
            topics.add(OffsetCommitRequestTopic.builder()
                    .name(parts[0])
                    .partitions(List.of(OffsetCommitRequestPartition.builder()
                            .partitionIndex(Integer.parseInt(parts[1]))
                            .committedOffset(Long.parseLong(parts[2]))
                            .build()))
                    .build());
        }
        OffsetCommitRequest request = OffsetCommitRequest.builder()
                .groupId(GROUP)
                .memberId(memberId(words))
                .generationIdOrMemberEpoch(generation(words))
                .topics(topics)
                .build();
        host().handle(new CommitOffsets(context(words, 8), request));
    }

    private RequestContext context(Words words, int version) {
        askers.put(++tokens, words.actor());
        return new RequestContext(tokens, (short) words.number("v", version), words.actor(), "/127.0.0.1");
    }

    private String memberId(Words words) {
        String id = words.textOrNull("id");
        return id == null ? memberIds.getOrDefault(words.actor(), "") : Transcript.memberId(id);
    }

    private int generation(Words words) {
        return words.number("gen", generations.getOrDefault(words.actor(), -1));
    }

    @Override
    public void appended(CoordinatorRecord record) {
        tell("record " + Transcript.of(RecordCodec.read(record.key(), record.value())));
    }

    @Override
    public void replied(long token, ApiMessage response) {
        String asker = askers.remove(token);
        if (asker == null) {
            throw new IllegalStateException("nobody asked, or it was answered before: " + response);
        }
        if (response instanceof JoinGroupResponse joined) {
            boolean isGiven = joined.errorCode() == ErrorCode.NONE.code()
                    || joined.errorCode() == ErrorCode.MEMBER_ID_REQUIRED.code();
            memberIds.put(asker, isGiven ? joined.memberId() : "");
            generations.put(asker, joined.generationId());
        }
        tell(asker + " " + Transcript.of(response));
    }

    @Override
    public void noted(String text) {
        tell("* " + Transcript.withShortIds(text));
    }

    private void tell(String what) {
        transcript.add("  " + what);
    }

    /** A line of the story in parts. */
    private record Words(String command, String actor, List<String> plain, Map<String, String> named) {
        static Words of(String line) {
            List<String> words = Arrays.asList(line.split("#(?= )")[0].trim().split(" +"));
            List<String> plain = new ArrayList<>();
            Map<String, String> named = new HashMap<>();
            for (String word : words.subList(Math.min(2, words.size()), words.size())) {
                String[] parts = word.split("=", 2);
                if (word.matches("[a-z]+=.*")) {
                    named.put(parts[0], parts[1]);
                } else {
                    plain.add(word);
                }
            }
            String second = words.size() > 1 ? words.get(1) : "";
            if (second.contains("=")) {
                String[] parts = second.split("=", 2);
                named.put(parts[0], parts[1]);
            }
            return new Words(words.getFirst(), second, plain, named);
        }

        String text(String name, String otherwise) {
            return named.getOrDefault(name, otherwise);
        }

        @Nullable
        String textOrNull(String name) {
            return named.get(name);
        }

        int number(String name, int otherwise) {
            String text = named.get(name);
            return text == null ? otherwise : Integer.parseInt(text);
        }
    }
}
